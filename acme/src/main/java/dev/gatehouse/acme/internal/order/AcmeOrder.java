package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
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
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * One order, from its placing to the certificate (RFC 8555, section 7.4). The steps run one after the other on workers;
 * acme4j's objects stay within this order.
 */
final class AcmeOrder {

    private final ServerName name;
    private final Login login;
    private final IssuanceContext context;
    private final Polling polling;

    AcmeOrder(ServerName name, Login login, IssuanceContext context, Polling polling) {
        this.name = name;
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
        Order order = login.newOrder().domain(name.value()).create();
        context.events()
                .accept(new CertificateEvent.Ordered(
                        name, URI.create(order.getLocation().toString())));
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
        return step(authorization::getStatus)
                .thenCompose(status ->
                        status == Status.VALID ? CompletableFuture.completedFuture(null) : answerHttp01(authorization));
    }

    private CompletionStage<Void> answerHttp01(Authorization authorization) {
        Http01Challenge challenge = authorization
                .findChallenge(Http01Challenge.class)
                .orElseThrow(() -> new IssuanceException(
                        name + ": the certificate authority offers no http-01 challenge for it.", null));
        Http01Challenges.Publication publication =
                context.http01().publish(challenge.getToken(), challenge.getAuthorization());
        return step(() -> {
                    challenge.trigger();
                    context.events().accept(new CertificateEvent.ChallengePublished(name, challenge.getType()));
                    return challenge;
                })
                .thenCompose(triggered -> polling.until(
                        name + ": the authorization", () -> authorizationAnswer(authorization, challenge.getType())))
                .whenComplete((done, failure) -> publication.close())
                .thenRun(() ->
                        context.events().accept(new CertificateEvent.ChallengeValidated(name, challenge.getType())));
    }

    private Polling.Answer authorizationAnswer(Authorization authorization, String challengeType) throws AcmeException {
        Optional<Instant> retryAfter = authorization.fetch();
        return switch (authorization.getStatus()) {
            case VALID -> Polling.Answer.ofFinal();
            case PENDING, PROCESSING -> Polling.Answer.ofPending(retryAfter);
            default ->
                throw new IssuanceException(
                        name + ": the " + challengeType + " challenge failed, " + challengeError(authorization)
                                + ". Check that port 80 of this name reaches the challenge handler.",
                        null);
        };
    }

    private static String challengeError(Authorization authorization) {
        return authorization.getChallenges().stream()
                .map(Challenge::getError)
                .flatMap(Optional::stream)
                .map(AcmeFailures::describe)
                .findFirst()
                .orElseGet(() -> "the authorization is " + authorization.getStatus());
    }

    private CompletionStage<Void> awaitStatus(Order order, Status wanted) {
        return step(() -> polling.until(name + ": the order", () -> orderAnswer(order, wanted)))
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
                    name + ": the order became invalid, "
                            + order.getError().map(AcmeFailures::describe).orElse("without a reason") + ".",
                    null);
        }
        return Polling.Answer.ofPending(retryAfter);
    }

    private CompletionStage<Credential> finalizeOrder(Order order) {
        KeyPair keyPair = Accounts.newKeyPair();
        return step(() -> {
                    order.execute(keyPair);
                    return order;
                })
                .thenCompose(finalized -> awaitStatus(order, Status.VALID))
                .thenCompose(valid -> step(() -> Credential.of(
                        keyPair.getPrivate(), order.getCertificate().getCertificateChain())));
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
