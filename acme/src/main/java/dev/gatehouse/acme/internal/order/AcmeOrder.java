package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/**
 * One order, from its placing to the certificate (RFC 8555, section 7.4). The steps run one after the other on workers;
 * acme4j's objects stay within this order.
 */
final class AcmeOrder {

    private final IssuanceRequest request;
    private final Login login;
    private final IssuanceContext context;
    private final Polling polling;
    private final AcmeSettings settings;
    private final OrderPlacement placement;

    AcmeOrder(
            IssuanceRequest request,
            AcmeSettings settings,
            StoredAccount account,
            Login login,
            IssuanceContext context,
            Polling polling) {
        this.request = request;
        this.settings = settings;
        this.placement = new OrderPlacement(settings, request, account);
        this.login = login;
        this.context = context;
        this.polling = polling;
    }

    CompletionStage<Credential> run() {
        return step(this::place)
                .thenCompose(order -> authorize(order)
                        .thenCompose(authorized -> awaitStatus(order, Status.READY))
                        .thenCompose(ready -> finalizeOrder(order)));
    }

    private Order place() throws Exception {
        Order order = placement.place(login);
        context.events()
                .accept(new CertificateEvent.Ordered(
                        request.subject(), URI.create(order.getLocation().toString())));
        return order;
    }

    private CompletionStage<Void> authorize(Order order) {
        return step(order::getAuthorizations).thenCompose(authorizations -> {
            CompletionStage<Void> all = CompletableFuture.completedFuture(null);
            for (Authorization authorization : authorizations) {
                all = all.thenCompose(previous -> answer(authorization));
            }
            return all;
        });
    }

    private CompletionStage<Void> answer(Authorization authorization) {
        return step(() -> polling.until("The authorization", () -> {
                    authorization.fetch();
                    return Polling.Answer.ofFinal();
                }))
                .thenCompose(fetched -> fetched)
                .thenCompose(fetched -> authorization.getStatus() == Status.VALID
                        ? CompletableFuture.completedFuture(null)
                        : answerHttp01(authorization));
    }

    private CompletionStage<Void> answerHttp01(Authorization authorization) {
        Http01Challenge challenge = authorization
                .findChallenge(Http01Challenge.class)
                .orElseThrow(() ->
                        new IssuanceException("The certificate authority offers no http-01 challenge for it.", null));
        return step(() -> context.http01().publish(challenge.getToken(), challenge.getAuthorization()))
                .thenCompose(publication -> step(() -> {
                            trigger(challenge);
                            context.events()
                                    .accept(new CertificateEvent.ChallengePublished(
                                            request.subject(), challenge.getType()));
                            return challenge;
                        })
                        .thenCompose(triggered -> polling.until(
                                "The authorization", () -> authorizationAnswer(authorization, challenge.getType())))
                        .whenCompleteAsync((done, failure) -> publication.close(), context.worker()))
                .thenRun(() -> context.events()
                        .accept(new CertificateEvent.ChallengeValidated(request.subject(), challenge.getType())));
    }

    /** If only the answer was lost, the polling that follows shows it. */
    private static void trigger(Http01Challenge challenge) throws AcmeException {
        try {
            challenge.trigger();
        } catch (AcmeNetworkException lost) {
            challenge.fetch();
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
        }
    }

    private Polling.Answer authorizationAnswer(Authorization authorization, String challengeType) throws AcmeException {
        Optional<Instant> retryAfter = authorization.fetch();
        return switch (authorization.getStatus()) {
            case VALID -> Polling.Answer.ofFinal();
            case PENDING, PROCESSING -> Polling.Answer.ofPending(retryAfter);
            default ->
                throw validationFailed(
                        authorization,
                        "The " + challengeType + " challenge failed, " + challengeError(authorization)
                                + ". Check that port 80 of this name reaches the challenge handler.");
        };
    }

    private static IssuanceException validationFailed(Authorization authorization, String message) {
        IssuanceException failure = new IssuanceException(Kind.VALIDATION_FAILED, message, null, null);
        return challengeProblem(authorization)
                .map(AcmeFailures::typeOf)
                .map(failure::withProblem)
                .orElse(failure);
    }

    private static Optional<Problem> challengeProblem(Authorization authorization) {
        return authorization.getChallenges().stream()
                .map(Challenge::getError)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String challengeError(Authorization authorization) {
        return challengeProblem(authorization)
                .map(AcmeFailures::describe)
                .orElseGet(() -> "the authorization is " + authorization.getStatus());
    }

    private CompletionStage<Void> awaitStatus(Order order, Status wanted) {
        return step(() -> polling.until("The order", () -> orderAnswer(order, wanted)))
                .thenCompose(polled -> polled);
    }

    private Polling.Answer orderAnswer(Order order, Status wanted) throws AcmeException {
        Optional<Instant> retryAfter = order.fetch();
        Status status = order.getStatus();
        if (status == wanted || status == Status.VALID) {
            return Polling.Answer.ofFinal();
        }
        if (status == Status.INVALID) {
            throw new IssuanceException(
                    "The order became invalid, "
                            + order.getError().map(AcmeFailures::describe).orElse("without a reason") + ".",
                    null);
        }
        return Polling.Answer.ofPending(retryAfter);
    }

    private CompletionStage<Credential> finalizeOrder(Order order) {
        return step(() -> new KeyChoice(settings).keyFor(request))
                .thenCompose(keyPair -> finalizeOrder(order, keyPair));
    }

    private CompletionStage<Credential> finalizeOrder(Order order, KeyPair keyPair) {
        return step(() -> execute(order, keyPair))
                .thenCompose(finalized -> awaitStatus(order, Status.VALID))
                .thenCompose(valid -> step(() -> Credential.of(
                        keyPair.getPrivate(),
                        new PreferredChain(settings).of(order.getCertificate(), request.subject()))));
    }

    /** If only the answer was lost the order goes on, and must not be begun anew: it may have cost a certificate already. */
    private static Order execute(Order order, KeyPair keyPair) throws AcmeException {
        try {
            order.execute(keyPair);
        } catch (AcmeNetworkException lost) {
            order.fetch();
            if (order.getStatus() == Status.READY || order.getStatus() == Status.PENDING) {
                throw lost;
            }
        }
        return order;
    }

    private <T> CompletionStage<T> step(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                context.worker());
    }
}
