package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.TxtResolver;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The DNS-01 challenge (RFC 8555 section 8.4): one of the TXT records has to be the digest. */
public final class Dns01Validator implements ChallengeValidator {
    private static final String LABEL = "_acme-challenge.";

    private final TxtResolver resolver;

    /**
     * Makes a validator.
     *
     * @param resolver finds the records
     */
    public Dns01Validator(TxtResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public void validate(Identifier identifier, String token, String keyAuthorization) throws ProblemException {
        String name = LABEL + identifier.value();
        String expected = Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(keyAuthorization));
        List<String> records = records(name);
        if (!records.contains(expected)) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            found(name, records) + " Add one with the text '" + expected + "'.")
                    .exception();
        }
    }

    private List<String> records(String name) throws ProblemException {
        try {
            return resolver.resolve(name);
        } catch (UnknownHostException e) {
            throw Problem.of(
                            ProblemType.DNS,
                            "The resolver of this test server cannot look up TXT records of " + name
                                    + ". Let its TxtResolver answer for this name.")
                    .exception();
        }
    }

    private static String found(String name, List<String> records) {
        return records.isEmpty()
                ? "There is no TXT record at " + name + "."
                : "The TXT records at " + name + " are "
                        + records.stream().limit(10).map(Text::quote).collect(Collectors.joining(", ")) + ".";
    }
}
