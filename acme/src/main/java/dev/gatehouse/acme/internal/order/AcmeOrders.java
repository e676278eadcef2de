package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.IssuanceTerms;
import dev.gatehouse.acme.RenewalInformation;
import dev.gatehouse.acme.RevocationReason;
import dev.gatehouse.tls.Credential;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/** Places orders at one certificate authority, and asks it about certificates: lends a session and the account to each. */
public final class AcmeOrders {

    private static final Duration POLLING_LIMIT = Duration.ofMinutes(3);

    private final AcmeSettings settings;

    private volatile @Nullable Connected connected;

    /** What is made when the first order comes: an issuer that is only configured costs nothing. */
    private record Connected(Directory directory, Accounts accounts) {}

    public AcmeOrders(AcmeSettings settings) {
        this.settings = settings;
    }

    /** Issues a certificate. An account that the authority has lost is made anew, once. */
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        Accounts accounts = connected().accounts();
        return translated(
                accounts.account(context)
                        .thenCompose(account -> attempt(request, account, context)
                                .exceptionallyCompose(failure -> hasMended(failure, account, context)
                                        .thenCompose(mended -> mended
                                                ? accounts.account(context)
                                                        .thenCompose(renewed -> attempt(request, renewed, context))
                                                : CompletableFuture.failedFuture(failure)))),
                context);
    }

    /** Whether there is another account, or another key for it, with which the order may succeed. */
    private CompletionStage<Boolean> hasMended(Throwable failure, StoredAccount account, IssuanceContext context) {
        Accounts accounts = connected().accounts();
        if (AcmeFailures.isAccountLost(failure)) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        accounts.forget(account, context);
                        return true;
                    },
                    context.worker());
        }
        return AcmeFailures.isKeyRefused(failure)
                ? accounts.hasNewKey(account, context)
                : CompletableFuture.completedFuture(false);
    }

    /** What the authority demands of names. The directory is fetched if it is not known yet. */
    public CompletionStage<IssuanceTerms> terms(IssuanceContext context) {
        Connected authority = connected();
        return CompletableFuture.supplyAsync(() -> authority.directory().caaIdentities(), context.worker())
                .thenApply(identities ->
                        new IssuanceTerms(identities, authority.accounts().known(), challengeTypes(context)));
    }

    private static Set<String> challengeTypes(IssuanceContext context) {
        return context.challenges().types().stream().map(ChallengeType::token).collect(Collectors.toUnmodifiableSet());
    }

    /** When a certificate is to be renewed, if the authority tells. */
    public CompletionStage<Optional<RenewalInformation>> renewalInformation(
            Credential credential, IssuanceContext context) {
        Optional<String> id = credential.ariCertificateId();
        return id.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : translated(
                        withSession(
                                context, session -> new RenewalInfoQuestion(session, context.clock()).ask(id.get())),
                        context);
    }

    public CompletionStage<Void> revoke(Credential credential, RevocationReason reason, IssuanceContext context) {
        return translated(
                connected()
                        .accounts()
                        .existing(context)
                        .thenCompose(account -> withSession(context, session -> {
                            new Revocation(session, credential, reason).run(account);
                            return true;
                        }))
                        .thenAccept(revoked -> {}),
                context);
    }

    public CompletionStage<Void> rollOverAccountKey(IssuanceContext context) {
        return translated(connected().accounts().rollOver(context), context);
    }

    private CompletionStage<Credential> attempt(
            IssuanceRequest request, StoredAccount account, IssuanceContext context) {
        Directory directory = connected().directory();
        Session session = directory.borrow();
        return new AcmeOrder(
                        request,
                        settings,
                        account,
                        session.login(account.location(), account.keyPair()),
                        context,
                        new Polling(context, POLLING_LIMIT))
                .run()
                .whenComplete((credential, failure) -> directory.giveBack(session));
    }

    /** Work with a session, which may block on the authority. */
    @FunctionalInterface
    private interface Call<T> {

        T with(Session session) throws AcmeException;
    }

    private <T> CompletionStage<T> withSession(IssuanceContext context, Call<T> call) {
        Directory directory = connected().directory();
        return CompletableFuture.supplyAsync(
                () -> {
                    Session session = directory.borrow();
                    try {
                        return call.with(session);
                    } catch (AcmeException failure) {
                        throw new CompletionException(failure);
                    } finally {
                        directory.giveBack(session);
                    }
                },
                context.worker());
    }

    private <T> CompletionStage<T> translated(CompletionStage<T> work, IssuanceContext context) {
        return work.exceptionallyCompose(failure -> CompletableFuture.failedFuture(translate(failure, context)));
    }

    private IssuanceException translate(Throwable failure, IssuanceContext context) {
        return AcmeFailures.translate(
                String.valueOf(settings.directory()), failure, settings.termsAgreed(), context.clock());
    }

    private Connected connected() {
        Connected present = connected;
        return present != null ? present : connect();
    }

    private synchronized Connected connect() {
        Connected present = connected;
        if (present == null) {
            Directory directory = new Directory(settings.directory(), settings.trustedRoots());
            present = new Connected(directory, new Accounts(directory, settings));
            connected = present;
        }
        return present;
    }
}
