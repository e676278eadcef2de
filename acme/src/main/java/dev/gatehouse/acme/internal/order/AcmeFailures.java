package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.internal.budget.CaFault;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** Turns what acme4j throws into one exception that says what the certificate authority said and what to do. */
final class AcmeFailures {

    private static final URI ACCOUNT_DOES_NOT_EXIST = URI.create("urn:ietf:params:acme:error:accountDoesNotExist");

    private static final Set<String> KEY_REFUSALS = Set.of("unauthorized", "malformed");

    private AcmeFailures() {}

    static boolean isAccountLost(Throwable failure) {
        return rootOf(failure) instanceof AcmeServerException server && ACCOUNT_DOES_NOT_EXIST.equals(server.getType());
    }

    /** The request was not signed by the key that the account has now, or the account may not do this. */
    static boolean isKeyRefused(Throwable failure) {
        return rootOf(failure) instanceof AcmeServerException server
                && KEY_REFUSALS.contains(typeOf(server.getProblem()));
    }

    static boolean isOfType(Throwable failure, String type) {
        return rootOf(failure) instanceof AcmeServerException server && type.equals(typeOf(server.getProblem()));
    }

    /** Leaves an IssuanceException as it is. */
    static IssuanceException translate(String subject, Throwable failure, boolean termsAgreed, InstantSource clock) {
        Throwable cause = rootOf(failure);
        if (cause instanceof IssuanceException already) {
            return already;
        }
        if (cause instanceof AcmeUserActionRequiredException && !termsAgreed) {
            return new IssuanceException(
                    subject + ": the certificate authority demands agreement to its terms of service."
                            + " Read them and call agreeToTermsOfService().",
                    cause);
        }
        if (cause instanceof AcmeRateLimitedException limited) {
            return rateLimited(subject, limited, clock);
        }
        if (cause instanceof AcmeServerException server) {
            return new IssuanceException(
                            kindOf(server), subject + ": " + describe(server.getProblem()) + ".", cause, null)
                    .withProblem(typeOf(server.getProblem()));
        }
        if (cause instanceof AcmeNetworkException network) {
            return new IssuanceException(
                    Kind.AUTHORITY_FAILED,
                    subject + ": the certificate authority cannot be reached (" + rootOfNetwork(network)
                            + "). Check its directory URL and the network.",
                    cause,
                    null);
        }
        if (cause instanceof AcmeException || cause instanceof AcmeProtocolException) {
            return new IssuanceException(
                    kindOf(cause),
                    subject + ": the certificate authority does not answer as one (" + cause.getMessage()
                            + "). Check its directory URL; if that is right, wait until it works again.",
                    cause,
                    null);
        }
        String message = String.valueOf(cause.getMessage());
        return new IssuanceException(subject + ": " + message + (message.endsWith(".") ? "" : "."), cause);
    }

    private static Kind kindOf(Throwable cause) {
        return CaFault.of(cause).isPresent() ? Kind.AUTHORITY_FAILED : Kind.REFUSED;
    }

    /** The last part of its type, such as {@code caa}. */
    static String typeOf(Problem problem) {
        return problem.getType().toString().replace("urn:ietf:params:acme:error:", "");
    }

    static String describe(Problem problem) {
        StringBuilder text = new StringBuilder("the certificate authority says ").append(typeOf(problem));
        problem.getDetail().ifPresent(detail -> text.append(": ").append(oneLine(detail)));
        problem.getSubProblems()
                .forEach(sub ->
                        sub.getDetail().ifPresent(detail -> text.append("; ").append(oneLine(detail))));
        return text.toString();
    }

    private static IssuanceException rateLimited(
            String subject, AcmeRateLimitedException limited, InstantSource clock) {
        Optional<Duration> wait = limited.getRetryAfter()
                .map(until -> Duration.between(clock.instant(), until))
                .filter(delay -> !delay.isNegative());
        return new IssuanceException(
                Kind.RATE_LIMITED,
                subject + ": " + describe(limited.getProblem())
                        + ". The limit of the certificate authority is used up.",
                limited,
                wait.orElse(null));
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof AcmeLazyLoadingException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Throwable rootOfNetwork(AcmeException network) {
        return network.getCause() == null ? network : network.getCause();
    }

    private static String oneLine(String text) {
        String shortened = text.length() > 500 ? text.substring(0, 500) + "…" : text;
        return shortened.replaceAll("\\p{Cntrl}+", " ").replaceAll("\\.$", "");
    }
}
