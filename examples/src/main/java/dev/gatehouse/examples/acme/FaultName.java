package dev.gatehouse.examples.acme;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** The faults that the command line knows. Their names are those of {@link AcmeFault}, with hyphens. */
enum FaultName {
    BAD_NONCE(Target.REQUEST, FaultMaker.without(AcmeFault::badNonce)),
    RATE_LIMITED(
            Target.REQUEST,
            FaultMaker.optionally(AcmeFault::rateLimited, "SECONDS", text -> AcmeFault.rateLimited(duration(text)))),
    PROBLEM(Target.REQUEST, FaultMaker.with("STATUS:TYPE", FaultName::problem)),
    ACCOUNT_DOES_NOT_EXIST(Target.REQUEST, FaultMaker.without(AcmeFault::accountDoesNotExist)),
    TERMS_CHANGED(Target.REQUEST, FaultMaker.without(AcmeFault::termsChanged)),
    SERVER_ERROR(Target.REQUEST, FaultMaker.without(AcmeFault::serverError)),
    UNAVAILABLE(Target.REQUEST, FaultMaker.with("SECONDS", text -> AcmeFault.unavailable(duration(text)))),
    RENEWAL_INFO_DOWN(Target.REQUEST, FaultMaker.without(AcmeFault::renewalInfoDown)),
    DISCONNECT(Target.REQUEST, FaultMaker.without(AcmeFault::disconnect)),
    LOSE_RESPONSE(Target.REQUEST, FaultMaker.without(AcmeFault::loseResponse)),
    CUT_RESPONSE(Target.REQUEST, FaultMaker.without(AcmeFault::cutResponse)),
    MALFORMED_JSON(Target.REQUEST, FaultMaker.without(AcmeFault::malformedJson)),
    DELAYED_BY(Target.REQUEST, FaultMaker.with("DURATION", text -> AcmeFault.delayedBy(duration(text)))),
    REFUSED_CHALLENGE(
            Target.ORDER, FaultMaker.with("TYPE", type -> AcmeFault.refusedChallenge(type, FaultName.ON_PURPOSE))),
    INVALID_ORDER(
            Target.ORDER,
            FaultMaker.optionally(
                    AcmeFault::invalidOrder, "TYPE", type -> AcmeFault.invalidOrder(type, FaultName.ON_PURPOSE))),
    PROCESSING_FOR(Target.ORDER, FaultMaker.with("POLLS", text -> AcmeFault.processingFor(Integer.parseInt(text)))),
    WRONG_CHAIN(Target.ORDER, FaultMaker.without(AcmeFault::wrongChain)),
    MISSING_INTERMEDIATE(Target.ORDER, FaultMaker.without(AcmeFault::missingIntermediate)),
    WRONG_NAME(Target.ORDER, FaultMaker.with("NAME", AcmeFault::wrongName)),
    WRONG_KEY(Target.ORDER, FaultMaker.without(AcmeFault::wrongKey)),
    EXPIRED_CERTIFICATE(Target.ORDER, FaultMaker.without(AcmeFault::expiredCertificate)),
    RENEWAL_WINDOW(Target.ORDER, FaultMaker.with("START:END", FaultName::renewalWindow)),
    MOVING_RENEWAL_WINDOW(
            Target.ORDER, FaultMaker.with("DURATION", text -> AcmeFault.movingRenewalWindow(signedDuration(text))));

    private static final String ON_PURPOSE = "The command line asked for this failure.";

    private enum Target {
        REQUEST,
        ORDER
    }

    private final Target target;
    private final FaultMaker maker;

    FaultName(Target target, FaultMaker maker) {
        this.target = target;
        this.maker = maker;
    }

    /** Finds a fault, or says which one was perhaps meant. */
    static FaultName called(String text) {
        return Arrays.stream(values())
                .filter(name -> name.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no fault."
                        + Suggestion.among(texts(), text) + " The faults are " + String.join(", ", texts()) + "."));
    }

    private static List<String> texts() {
        return Arrays.stream(values()).map(FaultName::text).toList();
    }

    /** {@return the name as it is written} */
    String text() {
        return text(name());
    }

    /** {@return what follows the name, such as {@code =SECONDS}, in brackets if it can be left out} */
    String form() {
        return maker.form();
    }

    AcmeFault fault(@Nullable String value) {
        return maker.make(text(), value);
    }

    /** Means a fault for a resource, or for orders with a name. */
    AcmeFault at(AcmeFault fault, String where) {
        if (target == Target.ORDER) {
            return fault.forName(where);
        }
        List<String> resources = Stream.of(AcmeResource.values())
                .map(resource -> text(resource.name()))
                .toList();
        if (!resources.contains(where)) {
            throw new TypeConversionException("'@" + where + "' is no resource." + Suggestion.among(resources, where)
                    + " The resources are " + String.join(", ", resources) + ".");
        }
        return fault.on(AcmeResource.values()[resources.indexOf(where)]);
    }

    private static String text(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static AcmeFault problem(String text) {
        String[] parts = text.split(":", 2);
        return AcmeFault.problem(Integer.parseInt(parts[0]), parts[1], ON_PURPOSE);
    }

    private static AcmeFault renewalWindow(String text) {
        String[] parts = text.split(":", 2);
        return AcmeFault.renewalWindow(signedDuration(parts[0]), signedDuration(parts[1]));
    }

    private static Duration signedDuration(String text) {
        return text.startsWith("-") ? duration(text.substring(1)).negated() : duration(text);
    }

    private static Duration duration(String text) {
        return new DurationConverter().convert(text);
    }
}
