package dev.gatehouse.acme;

import static dev.gatehouse.acme.IssuerFixture.join;
import static dev.gatehouse.acme.IssuerFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.internal.budget.CaPauses;
import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The account at an authority: its contacts, its key, its loss. */
@Timeout(60)
class AcmeAccountTest {

    private IssuerFixture fixture;
    private AcmeIssuer issuer;

    @BeforeEach
    void start() throws IOException {
        fixture = new IssuerFixture();
        issuer = fixture.issuer();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void contactsThatDifferFromThoseThatWereRegisteredAreChangedOnce() {
        fixture.issue(issuer, "a.example.com");
        try (LogCapture log = new LogCapture()) {
            fixture.issue(fixture.issuer().contact("second@example.com"), "b.example.com");
            fixture.issue(fixture.issuer().contact("second@example.com"), "c.example.com");

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the contacts of the account are now"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("[ops@example.com, second@example.com]"));
        }
        assertThat(accounts()).hasSize(1);
        assertThat(fixture.acme.exchanges(AcmeResource.ACCOUNT))
                .filteredOn(exchange -> String.valueOf(exchange.payload()).contains("second@example.com"))
                .hasSize(1);
    }

    @Test
    void contactsThatCannotBeChangedHoldUpNoCertificate() {
        fixture.issue(issuer, "a.example.com");
        fixture.acme.inject(AcmeFault.serverError().on(AcmeResource.ACCOUNT));
        try (LogCapture log = new LogCapture()) {
            fixture.issue(fixture.issuer().contact("second@example.com"), "b.example.com");

            assertThat(log.lines()).anyMatch(line -> line.contains("the contacts of the account stay as they are"));
        }
    }

    @Test
    void anAccountThatAnAuthorityHasLostIsMadeAnewAndTheOthersStay() throws IOException {
        try (IssuerFixture other = new IssuerFixture()) {
            fixture.issue(issuer, "a.example.com");
            AcmeIssuer second = other.issuer();
            join(second.issue(request("a.example.com"), fixtureOf(other)));
            fixture.context(fixture.storage);
            fixture.acme.forgetAccounts();

            fixture.issue(issuer, "b.example.com");

            assertThat(fixture.storage.records())
                    .containsKeys(RecordKey.account(issuer.identity()), RecordKey.account(second.identity()));
            assertThat(fixture.acme.orders()).hasSize(2);
            assertThat(other.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
        }
    }

    private IssuanceContext fixtureOf(IssuerFixture other) {
        return other.context(fixture.storage);
    }

    @Test
    void aPauseForNewAccountsIsKept() {
        fixture.acme.inject(AcmeFault.problem(429, "rateLimited", "too many new registrations (10) from this IP")
                .on(AcmeResource.NEW_ACCOUNT));
        IssuanceException first = failure("a.example.com");
        new CaPauses(issuer.identity(), fixture.storage, fixture.context.clock())
                .rateLimited(Set.of(), String.valueOf(first.getMessage()), Optional.empty());

        IssuanceException second = failure("b.example.com");

        assertThat(first.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(second.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(second).hasMessageContaining("No account is made").hasMessageContaining("new registrations");
        assertThat(second.retryAfter()).isPresent();
        assertThat(fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
    }

    @Test
    void theKeyIsRolledOverAndTheAccountStays() {
        fixture.issue(issuer, "a.example.com");
        String before = record();

        join(issuer.rollOverAccountKey(fixture.context));

        assertThat(record()).isNotEqualTo(before).doesNotContain("next-");
        fixture.issue(issuer, "b.example.com");
        fixture.issue(fixture.issuer(), "c.example.com");
        assertThat(accounts()).hasSize(1);
    }

    @Test
    void anAuthorityThatDoesNotHearOfItLeavesTheOldKeyInUse() {
        fixture.issue(issuer, "a.example.com");
        fixture.acme.inject(AcmeFault.disconnect().on(AcmeResource.KEY_CHANGE));

        assertThatThrownBy(() -> join(issuer.rollOverAccountKey(fixture.context)))
                .isInstanceOf(IssuanceException.class)
                .hasMessageContaining("the account key cannot be changed");

        assertThat(record()).contains("next-private-key");
        fixture.issue(issuer, "b.example.com");
        fixture.issue(fixture.issuer(), "c.example.com");
        join(issuer.rollOverAccountKey(fixture.context));
        fixture.issue(issuer, "d.example.com");
        assertThat(accounts()).hasSize(1);
        assertThat(record()).doesNotContain("next-");
    }

    @Test
    void anAnswerThatIsLostIsFoundOut() {
        fixture.issue(issuer, "a.example.com");
        fixture.acme.inject(AcmeFault.loseResponse().on(AcmeResource.KEY_CHANGE));

        join(issuer.rollOverAccountKey(fixture.context));

        assertThat(record()).doesNotContain("next-");
        fixture.issue(issuer, "b.example.com");
        assertThat(accounts()).hasSize(1);
    }

    @Test
    void aCrashAfterTheAuthorityAgreedLosesNothing() {
        fixture.issue(issuer, "a.example.com");
        AtomicInteger writes = new AtomicInteger();
        IssuanceContext crashing = fixture.context(failingWrite(fixture.storage, 2, writes));

        assertThatThrownBy(() -> join(fixture.issuer().rollOverAccountKey(crashing)))
                .hasMessageContaining("the disk is full");

        assertThat(writes).hasValue(2);
        assertThat(record()).contains("next-private-key");
        fixture.context(fixture.storage);
        fixture.issue(fixture.issuer(), "b.example.com");
        assertThat(record()).doesNotContain("next-");
        assertThat(accounts()).hasSize(1);
    }

    @Test
    void aCrashBeforeAnythingWasStoredChangesNothing() {
        fixture.issue(issuer, "a.example.com");
        String before = record();
        IssuanceContext crashing = fixture.context(failingWrite(fixture.storage, 1, new AtomicInteger()));

        assertThatThrownBy(() -> join(fixture.issuer().rollOverAccountKey(crashing)))
                .hasMessageContaining("the disk is full");

        assertThat(record()).isEqualTo(before);
        assertThat(fixture.acme.exchanges(AcmeResource.KEY_CHANGE)).isEmpty();
    }

    @Test
    void anotherNodeFindsTheNewKeyByItself() {
        AcmeIssuer otherNode = fixture.issuer();
        fixture.issue(otherNode, "a.example.com");
        fixture.issue(issuer, "b.example.com");

        join(issuer.rollOverAccountKey(fixture.context));

        fixture.issue(otherNode, "c.example.com");
        assertThat(accounts()).hasSize(1);
    }

    @Test
    void twoNodesThatRollOverAtOnceEndUpWithOneKey() {
        AcmeIssuer otherNode = fixture.issuer();
        fixture.issue(otherNode, "a.example.com");
        fixture.issue(issuer, "b.example.com");

        var first = issuer.rollOverAccountKey(fixture.context).toCompletableFuture();
        var second = otherNode.rollOverAccountKey(fixture.context).toCompletableFuture();
        join(first.exceptionally(refused -> null));
        join(second.exceptionally(refused -> null));

        fixture.issue(issuer, "c.example.com");
        fixture.issue(otherNode, "d.example.com");
        assertThat(accounts()).hasSize(1);
    }

    private IssuanceException failure(String name) {
        try {
            throw new AssertionError("issued: " + fixture.issue(issuer, name));
        } catch (IssuanceException failure) {
            return failure;
        }
    }

    private Set<URI> accounts() {
        return fixture.acme.orders().stream().map(order -> order.account()).collect(Collectors.toSet());
    }

    private String record() {
        return new String(
                fixture.storage
                        .records()
                        .get(RecordKey.account(issuer.identity()))
                        .content(),
                StandardCharsets.UTF_8);
    }

    /** Fails one write of an account, as a process does that dies then. */
    private static CertificateStorage failingWrite(CertificateStorage storage, int number, AtomicInteger writes) {
        return (CertificateStorage) Proxy.newProxyInstance(
                AcmeAccountTest.class.getClassLoader(),
                new Class<?>[] {CertificateStorage.class},
                (proxy, method, arguments) -> {
                    boolean isWrite = method.getName().equals("write")
                            && ((RecordKey) arguments[0]).kind() == RecordKey.Kind.ACCOUNT;
                    if (isWrite && writes.incrementAndGet() == number) {
                        throw new IOException("the disk is full");
                    }
                    try {
                        return method.invoke(storage, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
