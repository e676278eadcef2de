package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.IssuanceTerms;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Http01Challenge;

/** Places orders at one certificate authority: lends a session and the account to each. */
public final class AcmeOrders {

    private static final Duration POLLING_LIMIT = Duration.ofMinutes(3);

    private final URI uri;
    private final List<String> contacts;
    private final boolean termsAgreed;
    private final List<X509Certificate> trustedRoots;

    private volatile @Nullable Connected connected;

    /** What is made when the first order comes: an issuer that is only configured costs nothing. */
    private record Connected(Directory directory, Accounts accounts) {}

    public AcmeOrders(URI uri, List<String> contacts, boolean termsAgreed, List<X509Certificate> trustedRoots) {
        this.uri = uri;
        this.contacts = contacts;
        this.termsAgreed = termsAgreed;
        this.trustedRoots = trustedRoots;
    }

    /** Issues a certificate. An account that the authority has lost is made anew, once. */
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        Connected authority = connected();
        return attempt(request, context, authority)
                .exceptionallyCompose(failure -> AcmeFailures.isAccountLost(failure)
                        ? renewAccount(context, authority).thenCompose(renewed -> attempt(request, context, authority))
                        : CompletableFuture.failedFuture(failure))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        AcmeFailures.translate(String.valueOf(uri), failure, termsAgreed, context.clock())));
    }

    /** What the authority demands of names. The directory is fetched if it is not known yet. */
    public CompletionStage<IssuanceTerms> terms(IssuanceContext context) {
        Connected authority = connected();
        return CompletableFuture.supplyAsync(() -> authority.directory().caaIdentities(), context.worker())
                .thenApply(identities ->
                        new IssuanceTerms(identities, authority.accounts().known(), Set.of(Http01Challenge.TYPE)));
    }

    private CompletionStage<Void> renewAccount(IssuanceContext context, Connected authority) {
        return authority
                .accounts()
                .account(context)
                .thenAcceptAsync(lost -> authority.accounts().forget(lost, context), context.worker());
    }

    private CompletionStage<Credential> attempt(IssuanceRequest request, IssuanceContext context, Connected authority) {
        return authority.accounts().account(context).thenCompose(account -> {
            Session session = authority.directory().borrow();
            Polling polling = new Polling(context, POLLING_LIMIT);
            return new AcmeOrder(request, session.login(account.location(), account.keyPair()), context, polling)
                    .run()
                    .whenComplete((credential, failure) -> authority.directory().giveBack(session));
        });
    }

    private Connected connected() {
        Connected present = connected;
        return present != null ? present : connect();
    }

    private synchronized Connected connect() {
        Connected present = connected;
        if (present == null) {
            Directory directory = new Directory(uri, trustedRoots);
            present = new Connected(directory, new Accounts(directory, contacts, termsAgreed));
            connected = present;
        }
        return present;
    }
}
