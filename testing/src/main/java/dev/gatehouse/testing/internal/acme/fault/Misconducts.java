package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.state.SuggestedWindow;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Makes the misconduct that a test can choose from. */
public final class Misconducts {

    private Misconducts() {}

    /**
     * Finds the type of a problem that the client is told about a challenge or an order.
     *
     * @param type the last part of its URN
     * @param detail what the client is told
     * @return the problem
     */
    public static Problem problem(String type, String detail) {
        return Arrays.stream(ProblemType.values())
                .filter(known -> known.token().equals(type))
                .findFirst()
                .map(known -> Problem.of(known, detail))
                .orElseThrow(() -> new IllegalArgumentException("type: " + type + " (expected: one of "
                        + Arrays.stream(ProblemType.values())
                                .map(ProblemType::token)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    /** {@return a chain whose intermediate is that of another CA} */
    public static Misconduct wrongChain() {
        return new Misconduct.WrongChain(
                chain -> List.of(chain.get(0), TestCa.create().intermediateCertificate()));
    }

    /** {@return a chain that is the leaf alone} */
    public static Misconduct missingIntermediate() {
        return new Misconduct.WrongChain(chain -> List.of(chain.get(0)));
    }

    /** {@return a certificate for other names} */
    public static Misconduct wrongNames(List<String> names) {
        return new Misconduct.WrongCertificate(terms -> terms.withNames(names));
    }

    /** {@return a certificate for a key that nobody has} */
    public static Misconduct wrongKey() {
        return new Misconduct.WrongCertificate(
                terms -> terms.withKey(KeyAlgorithm.EC_P256.generateKeyPair().getPublic()));
    }

    /** {@return a certificate that expired a minute ago} */
    public static Misconduct expired() {
        return new Misconduct.WrongCertificate(terms -> {
            Duration late =
                    Duration.between(terms.notBefore(), terms.notAfter()).plusMinutes(1);
            return terms.withValidity(
                    terms.notBefore().minus(late), terms.notAfter().minus(late));
        });
    }

    /** {@return a window at a distance from the present, in the past when it is negative} */
    public static Misconduct renewalWindow(Duration start, Duration end) {
        return odd((usual, now, earlier) -> new SuggestedWindow(now.plus(start), now.plus(end), usual.explanation()));
    }

    /** {@return a window that has moved on whenever a client looks at it} */
    public static Misconduct movingRenewalWindow(Duration step) {
        return odd((usual, now, earlier) -> {
            Duration by = step.multipliedBy(earlier + 1L);
            return new SuggestedWindow(usual.start().plus(by), usual.end().plus(by), usual.explanation());
        });
    }

    private static Misconduct odd(Misconduct.OddRenewalWindow window) {
        return window;
    }
}
