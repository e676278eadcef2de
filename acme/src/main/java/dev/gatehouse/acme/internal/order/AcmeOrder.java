package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.internal.work.Steps;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
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
        return order(new TriedChallenges());
    }

    private CompletionStage<Credential> order(TriedChallenges tried) {
        tried.orderBegins();
        return step(this::place)
                .thenCompose(order -> step(order::getAuthorizations)
                        .thenCompose(new Authorizations(context, polling, tried)::answerAll)
                        .thenApply(authorized -> Optional.of(order))
                        .exceptionally(failure -> orNextTypes(failure, tried))
                        .thenCompose(authorized -> authorized.isPresent() ? complete(order) : order(tried)));
    }

    /** No order if another one is to be placed, for the other types of challenges. */
    private static Optional<Order> orNextTypes(Throwable failure, TriedChallenges tried) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof IssuanceException refused
                && refused.kind() == Kind.VALIDATION_FAILED
                && tried.isAnotherOrderWorthwhile()) {
            return Optional.empty();
        }
        throw new CompletionException(cause);
    }

    private CompletionStage<Credential> complete(Order order) {
        return awaitStatus(order, Status.READY).thenCompose(ready -> finalizeOrder(order));
    }

    private Order place() throws Exception {
        Order order = placement.place(login);
        context.events()
                .accept(new CertificateEvent.Ordered(
                        request.subject(), URI.create(order.getLocation().toString())));
        return order;
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
        return Steps.on(context.worker(), work);
    }
}
