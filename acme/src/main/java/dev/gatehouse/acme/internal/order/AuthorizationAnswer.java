package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.ChallengeOrder;
import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.dns.Dns01Exception;
import dev.gatehouse.acme.internal.order.Authorizations.NotAuthorizedException;
import dev.gatehouse.acme.internal.work.Steps;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/**
 * Makes one authorization valid. A challenge whose answer cannot be published makes way for the next type at once; one
 * that the certificate authority has looked at in vain ends the authorization.
 */
final class AuthorizationAnswer {

    /** What no other type of challenge can mend: the authority does not want this name, or this account now. */
    private static final Set<String> NOT_MENDABLE =
            Set.of("caa", "rejectedIdentifier", "rateLimited", "unsupportedIdentifier", "userActionRequired");

    private final Authorization authorization;
    private final IssuanceContext context;
    private final Polling polling;
    private final TriedChallenges tried;

    AuthorizationAnswer(Authorization authorization, IssuanceContext context, Polling polling, TriedChallenges tried) {
        this.authorization = authorization;
        this.context = context;
        this.polling = polling;
        this.tried = tried;
    }

    CompletionStage<Void> run() {
        return Steps.on(
                        context.worker(),
                        () -> polling.until("The authorization", () -> {
                            authorization.fetch();
                            return Polling.Answer.ofFinal();
                        }))
                .thenCompose(fetched -> fetched)
                .thenCompose(fetched ->
                        authorization.getStatus() == Status.VALID ? CompletableFuture.completedFuture(null) : choose());
    }

    private CompletionStage<Void> choose() {
        SubjectName name = name();
        ChallengeOrder choice = context.challenges().choose(name, offered());
        Deque<ChallengeType> left = new ArrayDeque<>(choice.possible());
        left.removeAll(tried.failedFor(name));
        return answerWith(left, name, choice);
    }

    private SubjectName name() {
        String value = authorization.getIdentifier().getValue();
        return authorization.isWildcard() ? WildcardName.of("*." + value) : ServerName.of(value);
    }

    private Set<ChallengeType> offered() {
        Set<ChallengeType> offered = EnumSet.noneOf(ChallengeType.class);
        authorization.getChallenges().stream()
                .map(challenge -> ChallengeType.of(challenge.getType()))
                .flatMap(Optional::stream)
                .forEach(offered::add);
        return offered;
    }

    private CompletionStage<Void> answerWith(Deque<ChallengeType> left, SubjectName name, ChallengeOrder choice) {
        ChallengeType type = left.poll();
        if (type == null) {
            tried.exhausted(name, choice.leftOut());
            return CompletableFuture.failedFuture(new NotAuthorizedException());
        }
        TokenChallenge challenge =
                (TokenChallenge) authorization.findChallenge(type.token()).orElseThrow();
        String keyAuthorization = challenge.getAuthorization();
        String token = keyAuthorization.substring(0, keyAuthorization.indexOf('.'));
        return published(type, name, token, keyAuthorization)
                .handle((publication, failure) -> failure == null
                        ? validate(challenge, type, name, left, choice)
                                .whenComplete((valid, invalid) -> publication.withdraw())
                        : unpublished(failure, type, name, left, choice))
                .thenCompose(outcome -> outcome);
    }

    private CompletionStage<ChallengePublication> published(
            ChallengeType type, SubjectName name, String token, String keyAuthorization) {
        try {
            return context.challenges().publish(type, name, token, keyAuthorization);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletionStage<Void> unpublished(
            Throwable failure, ChallengeType type, SubjectName name, Deque<ChallengeType> left, ChallengeOrder choice) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Dns01Exception dns) {
            tried.askedToWait(dns.retryAfter());
        }
        String reason = "The answer to the " + type + " challenge could not be published: " + sentence(cause);
        note(type, name, reason);
        return answerWith(left, name, choice);
    }

    private CompletionStage<Void> validate(
            TokenChallenge challenge,
            ChallengeType type,
            SubjectName name,
            Deque<ChallengeType> left,
            ChallengeOrder choice) {
        return Steps.on(context.worker(), () -> {
                    trigger(challenge);
                    context.events().accept(new CertificateEvent.ChallengePublished(name, type.token()));
                    return null;
                })
                .thenCompose(triggered -> polling.until("The authorization", this::isDecided))
                .thenAccept(decided -> {
                    if (authorization.getStatus() != Status.VALID) {
                        throw refused(type, name, left, choice);
                    }
                    context.challenges().validated(type, name);
                    context.events().accept(new CertificateEvent.ChallengeValidated(name, type.token()));
                });
    }

    /** If only the answer was lost, the polling that follows shows it. */
    private static void trigger(Challenge challenge) throws AcmeException {
        try {
            challenge.trigger();
        } catch (AcmeNetworkException lost) {
            challenge.fetch();
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
        }
    }

    private Polling.Answer isDecided() throws AcmeException {
        Optional<Instant> retryAfter = authorization.fetch();
        Status status = authorization.getStatus();
        return status == Status.PENDING || status == Status.PROCESSING
                ? Polling.Answer.ofPending(retryAfter)
                : Polling.Answer.ofFinal();
    }

    private NotAuthorizedException refused(
            ChallengeType type, SubjectName name, Deque<ChallengeType> left, ChallengeOrder choice) {
        Optional<Problem> problem = authorization.getChallenges().stream()
                .map(Challenge::getError)
                .flatMap(Optional::stream)
                .findFirst();
        problem.map(AcmeFailures::typeOf).ifPresent(tried::named);
        String words = problem.map(AcmeFailures::describe)
                .orElseGet(() -> "the authorization is " + authorization.getStatus());
        note(type, name, "The " + type + " challenge failed, " + words + ". " + remedy(type));
        if (left.isEmpty() || !problem.map(AuthorizationAnswer::isMendable).orElse(true)) {
            tried.exhausted(name, choice.leftOut());
        }
        return new NotAuthorizedException();
    }

    private static boolean isMendable(Problem problem) {
        return !NOT_MENDABLE.contains(AcmeFailures.typeOf(problem));
    }

    private void note(ChallengeType type, SubjectName name, String reason) {
        tried.failed(name, type, reason);
        context.challenges().failed(type, name);
        context.events().accept(new CertificateEvent.ChallengeFailed(name, type.token(), reason));
    }

    private static String remedy(ChallengeType type) {
        return switch (type) {
            case HTTP_01 -> "Check that port 80 of this name reaches the challenge handler.";
            case TLS_ALPN_01 ->
                "Check that port 443 of this name reaches this server, with nothing before it that ends TLS.";
            case DNS_01 -> "Check that the zone that was written to is the one that is delegated to.";
        };
    }

    private static String sentence(Throwable failure) {
        String text = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
        return text.endsWith(".") ? text : text + ".";
    }
}
