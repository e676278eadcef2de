package dev.gatehouse.acme;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Issuers at an authority without a manager between: what the authority is asked is what the test asks for. */
final class IssuerFixture implements AutoCloseable {

    final AcmeFixture authority;
    final AcmeTestServer acme;
    final MemoryStorage storage = new MemoryStorage();
    final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    final IssuanceContext context;

    private final ScheduledExecutorService threads = new ScheduledThreadPoolExecutor(8);

    IssuerFixture() throws IOException {
        this(builder -> builder);
    }

    IssuerFixture(UnaryOperator<AcmeTestServerBuilder> kind) throws IOException {
        authority = new AcmeFixture(kind);
        acme = authority.acme;
        context = context(storage);
    }

    /** What a manager with this storage would lend. */
    IssuanceContext context(CertificateStorage shared) {
        InstantSource clock = InstantSource.system();
        Http01Challenges http01 = new Http01Challenges(shared, clock, threads);
        authority.answering(http01);
        return TestContexts.of(
                shared,
                http01,
                clock,
                threads,
                (work, delay) -> threads.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS),
                events::add);
    }

    AcmeIssuer issuer() {
        return authority.issuer();
    }

    Credential issue(AcmeIssuer issuer, String name) {
        return issue(issuer, request(name));
    }

    Credential issue(AcmeIssuer issuer, IssuanceRequest request) {
        return join(issuer.issue(request, context));
    }

    Optional<RenewalInformation> renewalInformation(AcmeIssuer issuer, Credential credential) {
        return join(issuer.renewalInformation(credential, context));
    }

    void revoke(AcmeIssuer issuer, Credential credential, RevocationReason reason) {
        Void revoked = join(issuer.revoke(credential, reason, context));
    }

    static IssuanceRequest request(String name) {
        return IssuanceRequest.of(ServerName.of(name));
    }

    /** The outcome, or what went wrong. */
    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        authority.close();
    }
}
