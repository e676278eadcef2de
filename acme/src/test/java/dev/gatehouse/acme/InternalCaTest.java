package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate authority of one's own, in the manager's storage. */
@Timeout(60)
class InternalCaTest {

    private final ManualTime time = new ManualTime();
    private final MemoryStorage storage = new MemoryStorage();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private ManagerFixture fixture;
    private IssuanceContext context;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        context = TestContexts.of(
                storage, new Http01Challenges(storage, time, threads), time, threads, (work, delay) -> {}, event -> {});
    }

    @AfterEach
    void close() {
        fixture.close();
        threads.shutdownNow();
    }

    @Test
    void certificatesAreTrustedByThoseWhoTrustTheRoot() throws Exception {
        InternalCa ca = InternalCa.create();

        Credential credential = issue(ca, ServerName.of("app.internal"));

        assertThat(credential.chain()).hasSize(2);
        validate(credential, ca.root(storage));
        assertThat(credential.leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(credential.ariCertificateId()).isPresent();
    }

    @Test
    void wildcardsIpAddressesAndPrivateNamesAreIssued() {
        Credential credential = issue(
                InternalCa.create(),
                ServerName.of("printer"),
                WildcardName.of("*.corp.internal"),
                ServerName.of("192.0.2.7"),
                ServerName.of("2001:db8::7"));

        assertThat(List.of("printer", "nas.corp.internal", "192.0.2.7", "2001:db8::7"))
                .allSatisfy(name -> assertThat(credential.coverage().covers(ServerName.of(name)))
                        .isTrue());
    }

    @Test
    void theRootIsMadeOnceAndItsKeyIsNotKept() throws IOException {
        InternalCa ca = InternalCa.create();
        issue(ca, ServerName.of("a.internal"));
        X509Certificate root = ca.root(storage);

        issue(InternalCa.create(), ServerName.of("b.internal"));

        assertThat(InternalCa.create().root(storage)).isEqualTo(root);
        assertThat(Pem.certificates(ca.rootPem(storage))).containsExactly(root);
        assertThat(root.getNotAfter().toInstant()).isAfter(time.instant().plus(Duration.ofDays(3600)));
        String record = new String(storage.records()
                .get(RecordKey.account("internal:Gatehouse Internal CA"))
                .content());
        assertThat(record.split("BEGIN PRIVATE KEY", -1)).hasSize(2);
        assertThat(Pem.certificates(record)).hasSize(2);
    }

    @Test
    void nodesThatStartAtOnceShareOneRoot() {
        Set<X509Certificate> intermediates = new HashSet<>();
        List<CompletableFuture<Credential>> issuing = IntStream.range(0, 8)
                .mapToObj(node -> InternalCa.create()
                        .issue(IssuanceRequest.of(ServerName.of("app.internal")), context)
                        .toCompletableFuture())
                .toList();

        issuing.forEach(
                credential -> intermediates.add(credential.join().chain().get(1)));

        assertThat(intermediates).hasSize(1);
    }

    @Test
    void certificatesLastTwelveHoursUnlessSetOtherwise() {
        Credential usual = issue(InternalCa.create(), ServerName.of("app.internal"));
        Credential longer = issue(InternalCa.create().lifetime(Duration.ofDays(30)), ServerName.of("app.internal"));

        assertThat(usual.notAfter()).isEqualTo(time.instant().plus(Duration.ofHours(12)));
        assertThat(longer.notAfter()).isEqualTo(time.instant().plus(Duration.ofDays(30)));
    }

    @Test
    void noCertificateOutlivesTheAuthority() {
        InternalCa ca = InternalCa.create().lifetime(Duration.ofDays(30));
        issue(ca, ServerName.of("app.internal"));
        time.advance(Duration.ofDays(3650 - 10));

        Credential last = issue(ca, ServerName.of("app.internal"));

        assertThat(last.notAfter()).isEqualTo(last.chain().get(1).getNotAfter().toInstant());
        time.advance(Duration.ofDays(11));
        assertThatThrownBy(() -> issue(ca, ServerName.of("app.internal")))
                .isInstanceOf(IssuanceException.class)
                .hasMessageContaining("has expired at")
                .hasMessageContaining("Delete its record");
    }

    @Test
    void theKeyOfTheRequestWins() {
        InternalCa ca = InternalCa.create().key(CertificateKey.EC_P384);

        Credential credential = IssuerFixture.join(
                ca.issue(IssuanceRequest.of(ServerName.of("app.internal")).key(CertificateKey.RSA_2048), context));

        assertThat(credential.leaf().getPublicKey()).isInstanceOf(RSAPublicKey.class);
    }

    @Test
    void renewalIsSuggestedInTheLastThirdOfTheLifetime() {
        InternalCa ca = InternalCa.create();
        Credential credential = issue(ca, ServerName.of("app.internal"));

        RenewalInformation information =
                IssuerFixture.join(ca.renewalInformation(credential, context)).orElseThrow();

        assertThat(Duration.between(time.instant(), information.start()))
                .isBetween(Duration.ofMinutes(7 * 60 + 50), Duration.ofHours(8));
        assertThat(information.end()).isBefore(credential.notAfter()).isAfter(information.start());
    }

    @Test
    void whatAnotherAuthorityHasSignedIsToBeRenewedAtOnce() {
        Credential foreign = TestCa.builder().clock(time).build().issue("app.internal");

        assertThat(IssuerFixture.join(InternalCa.create().renewalInformation(foreign, context))
                        .orElseThrow()
                        .end())
                .isBeforeOrEqualTo(time.instant());
    }

    @Test
    void anAuthorityOfYourOwnSigns() throws Exception {
        InternalCa made = InternalCa.named("Example Corp");
        issue(made, ServerName.of("app.internal"));
        String pem = new String(storage.records()
                .get(RecordKey.account("internal:Example Corp"))
                .content());

        InternalCa given = InternalCa.ofPem(pem, pem);
        Credential credential = issue(given, ServerName.of("other.internal"));

        validate(credential, made.root(storage));
        assertThat(given.root(new MemoryStorage())).isEqualTo(made.root(storage));
        assertThat(given.identity()).contains("Example Corp").contains("Intermediate");
    }

    @Test
    void anAuthorityThatCannotSignIsRefused() {
        TestCa ca = TestCa.create();
        KeyPair other = CertificateKey.EC_P256.generate();

        assertThatThrownBy(() -> InternalCa.of(other.getPrivate(), List.of(ca.rootCertificate())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not that of the first certificate");
        assertThatThrownBy(() -> InternalCa.of(
                        other.getPrivate(), ca.issue("app.internal").chain()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is the certificate of no CA");
        assertThatThrownBy(() -> InternalCa.of(
                        other.getPrivate(),
                        List.of(ca.intermediateCertificate(), TestCa.create().rootCertificate())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not signed by");
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> InternalCa.create().lifetime(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 minute to 825 days");
        assertThatThrownBy(
                        () -> InternalCa.create().lifetime(Duration.ofDays(1)).lifetime(Duration.ofDays(2)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> InternalCa.create().key(CertificateKey.EC_P256).key(CertificateKey.EC_P256))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> InternalCa.named("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStorageThatIsDownIsNamed() {
        storage.fail(true);

        assertThatThrownBy(() -> issue(InternalCa.create(), ServerName.of("app.internal")))
                .isInstanceOf(IssuanceException.class)
                .hasMessageContaining("internal:Gatehouse Internal CA is not available");
    }

    @Test
    void revokingIsRefused() {
        InternalCa ca = InternalCa.create();
        Credential credential = issue(ca, ServerName.of("app.internal"));

        assertThatThrownBy(() -> IssuerFixture.join(ca.revoke(credential, RevocationReason.SUPERSEDED, context)))
                .isInstanceOf(IssuanceException.class)
                .hasMessageContaining("does not revoke");
    }

    @Test
    void aManagerIssuesFromItWithoutPreflight() {
        CertificateManager manager = fixture.keep(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(InternalCa.create())
                .onDemand(OnDemand.permittedBy(name -> name.endsWith(".internal"))
                        .preflight(PreflightChecks.standard().serverAddresses("192.0.2.1")))
                .listener(fixture.events::add)
                .build());

        assertThat(resolve(manager, "app.internal")).isPresent();
        assertThat(fixture.awaitEvent(CertificateEvent.Issued.class).issuer())
                .isEqualTo("internal:Gatehouse Internal CA");
        assertThat(fixture.events(CertificateEvent.PreflightFindings.class)).isEmpty();
    }

    private Credential issue(InternalCa ca, SubjectName subject, SubjectName... others) {
        return IssuerFixture.join(ca.issue(IssuanceRequest.of(subject, others), context));
    }

    private void validate(Credential credential, X509Certificate root) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(time.instant()));
        Object result = CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(List.copyOf(credential.chain())),
                        parameters);
        assertThat(result).isNotNull();
    }
}
