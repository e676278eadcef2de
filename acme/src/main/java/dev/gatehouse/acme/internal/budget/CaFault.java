package dev.gatehouse.acme.internal.budget;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Tells the faults of a certificate authority, which count for its {@link CaCircuit}, from its refusals of a name. */
public final class CaFault {

    private static final URI SERVER_INTERNAL = URI.create("urn:ietf:params:acme:error:serverInternal");

    /** What acme4j says when an error has no problem document. */
    private static final Pattern HTTP_STATUS = Pattern.compile("HTTP (?<status>\\d{3})\\b.*", Pattern.DOTALL);

    private static final int MAX_CAUSES = 10;

    private CaFault() {}

    /** What is wrong with the authority; empty if it works, and something else has failed. */
    public static Optional<String> of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
            if (cause instanceof AcmeServerException server) {
                return ofProblem(server);
            }
            if (cause instanceof AcmeNetworkException network) {
                Throwable reason = network.getCause();
                return Optional.of("it cannot be reached (" + (reason == null ? network : reason) + ")");
            }
            if (cause instanceof AcmeProtocolException protocol) {
                return Optional.of("it does not keep to the protocol (" + protocol.getMessage() + ")");
            }
            boolean wrapper = cause instanceof CompletionException || cause instanceof AcmeLazyLoadingException;
            if (cause instanceof AcmeException && !wrapper && cause.getCause() == null) {
                return ofStatus(String.valueOf(cause.getMessage()));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Optional<String> ofProblem(AcmeServerException server) {
        return SERVER_INTERNAL.equals(server.getType())
                ? Optional.of("it says serverInternal: "
                        + server.getProblem().getDetail().orElse("(no detail)"))
                : Optional.empty();
    }

    private static Optional<String> ofStatus(String message) {
        Matcher matcher = HTTP_STATUS.matcher(message);
        return matcher.matches() && matcher.group("status").startsWith("5")
                ? Optional.of("it answers with " + message)
                : Optional.empty();
    }
}
