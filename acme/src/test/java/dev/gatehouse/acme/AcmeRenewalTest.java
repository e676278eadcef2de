package dev.gatehouse.acme;

import static dev.gatehouse.acme.IssuerFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeOrder;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Renewal information, replacement and revocation (RFC 9773; RFC 8555, section 7.6). */
@Timeout(60)
class AcmeRenewalTest {

    private IssuerFixture fixture;
    private AcmeIssuer issuer;
    private Credential credential;

    @BeforeEach
    void start() throws IOException {
        fixture = new IssuerFixture();
        issuer = fixture.issuer();
        credential = fixture.issue(issuer, "app.example.com");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theSuggestedWindowIsAskedForWithItsExplanation() {
        Instant start = Instant.now().plus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);
        URI explanation = URI.create("https://example.com/why");
        fixture.acme.suggestRenewal(credential.leaf(), start, start.plusSeconds(3600), explanation);

        RenewalInformation information =
                fixture.renewalInformation(issuer, credential).orElseThrow();

        assertThat(information.start()).isEqualTo(start);
        assertThat(information.end()).isEqualTo(start.plusSeconds(3600));
        assertThat(information.explanation()).contains(explanation);
        assertThat(information.askAgainAfter()).isBetween(Duration.ofHours(5), Duration.ofHours(7));
    }

    @Test
    void noAccountIsNeededToAsk() throws IOException {
        AcmeIssuer stranger = fixture.issuer();
        int accounts = fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT).size();

        assertThat(IssuerFixture.join(stranger.renewalInformation(credential, fixture.context(new MemoryStorage()))))
                .isPresent();
        assertThat(fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(accounts);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1M", "PT30S, PT1M", "P30D, P1D"})
    void retryAfterIsKeptWithinAMinuteAndADay(Duration asked, Duration held) throws IOException {
        try (IssuerFixture other = new IssuerFixture(acme -> acme.renewalInfoRetryAfter(asked))) {
            Credential issued = other.issue(other.issuer(), "app.example.com");

            assertThat(other.renewalInformation(other.issuer(), issued)
                            .orElseThrow()
                            .askAgainAfter())
                    .isEqualTo(held);
        }
    }

    @Test
    void aCertificateWithoutAnIdentifierHasNoRenewalInformation() throws Exception {
        Credential withoutAuthorityKey = withoutAuthorityKey();
        assertThat(withoutAuthorityKey.ariCertificateId()).isEmpty();

        assertThat(fixture.renewalInformation(issuer, withoutAuthorityKey)).isEmpty();
    }

    @Test
    void anAuthorityWithoutRenewalInformationHasNoOpinion() {
        URI directory = fixture.acme.directoryUri();
        String json = """
                {"newNonce": "%s", "newAccount": "%s", "newOrder": "%s", "revokeCert": "%s", "keyChange": "%s"}""".formatted(directory, directory, directory, directory, directory);
        fixture.acme.inject(AcmeFault.answer(200, "application/json", json).on(AcmeResource.DIRECTORY));

        assertThat(fixture.renewalInformation(fixture.issuer(), credential)).isEmpty();
    }

    @Test
    void aWindowThatEndsBeforeItStartsIsNotRegardedWithOneLine() {
        fixture.acme.inject(AcmeFault.answer(200, "application/json", """
                        {"suggestedWindow": {"start": "2030-01-02T00:00:00Z", "end": "2030-01-01T00:00:00Z"}}""").on(AcmeResource.RENEWAL_INFO));
        try (LogCapture log = new LogCapture()) {
            assertThat(fixture.renewalInformation(issuer, credential)).isEmpty();

            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("its renewal window ends at 2030-01-01T00:00:00Z"));
        }
    }

    @Test
    void renewalInformationThatCannotBeHadIsAFailure() {
        fixture.acme.inject(AcmeFault.renewalInfoDown());

        assertThatThrownBy(() -> fixture.renewalInformation(issuer, credential))
                .isInstanceOfSatisfying(
                        IssuanceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(IssuanceException.Kind.AUTHORITY_FAILED));
    }

    @Test
    void aRenewalNamesTheCertificateThatItReplaces() {
        fixture.issue(issuer, request("app.example.com").replacing(credential, issuer.identity()));

        assertThat(replaced()).isEqualTo(credential.ariCertificateId());
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotNamed() {
        fixture.issue(issuer, request("app.example.com").replacing(credential, "https://other.example/directory"));

        assertThat(replaced()).isEmpty();
        assertThat(refusals(AcmeResource.NEW_ORDER)).isZero();
    }

    @Test
    void aCertificateWithoutANameInCommonIsNotNamed() {
        fixture.issue(issuer, request("other.example.com").replacing(credential, issuer.identity()));

        assertThat(refusals(AcmeResource.NEW_ORDER)).isZero();
        assertThat(fixture.acme.requireOneOrder("other.example.com").replaces()).isNull();
    }

    @Test
    void aCertificateOfAnEarlierAccountIsNotNamed() {
        Credential old = TestCa.builder()
                .clock(() -> Instant.now().minus(Duration.ofDays(30)))
                .build()
                .issue("app.example.com");

        fixture.issue(issuer, request("app.example.com").replacing(old, issuer.identity()));

        assertThat(refusals(AcmeResource.NEW_ORDER)).isZero();
        assertThat(replaced()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"409, alreadyReplaced", "400, malformed", "409, conflict", "403, unauthorized"})
    void aReplacementThatIsRefusedIsOrderedWithoutAtOnce(int status, String type) {
        fixture.acme.inject(
                AcmeFault.problem(status, type, "It was replaced before.").on(AcmeResource.NEW_ORDER));
        try (LogCapture log = new LogCapture()) {
            Credential renewed =
                    fixture.issue(issuer, request("app.example.com").replacing(credential, issuer.identity()));

            assertThat(renewed).isNotEqualTo(credential);
            assertThat(replaced()).isEmpty();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("not as a replacement"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("INFO app.example.com: ordered as a new certificate")
                            .contains(type)
                            .contains("It was replaced before"));
        }
    }

    @Test
    void aCertificateIsReplacedOnceAndTheSecondTimeOrderedWithout() {
        fixture.issue(issuer, request("app.example.com").replacing(credential, issuer.identity()));

        fixture.issue(issuer, request("app.example.com").replacing(credential, issuer.identity()));

        assertThat(orders()).hasSize(3);
        assertThat(replaced()).isEmpty();
    }

    @Test
    void anotherRefusalOfTheOrderIsNotTriedAgain() {
        fixture.acme.inject(AcmeFault.problem(400, "rejectedIdentifier", "Policy forbids it.")
                .on(AcmeResource.NEW_ORDER));

        assertThatThrownBy(() ->
                        fixture.issue(issuer, request("app.example.com").replacing(credential, issuer.identity())))
                .isInstanceOfSatisfying(
                        IssuanceException.class,
                        refused -> assertThat(refused.problem()).contains("rejectedIdentifier"));
        assertThat(orders()).hasSize(1);
    }

    @Test
    void aCertificateIsRevokedByItsAccount() {
        fixture.revoke(issuer, credential, RevocationReason.SUPERSEDED);

        assertThat(fixture.acme.revokedCertificates()).containsExactly(credential.leaf());
        assertThat(fixture.acme.exchanges(AcmeResource.REVOKE_CERTIFICATE))
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.account()).isNotNull());
    }

    @Test
    void aCertificateOfAnotherAccountIsRevokedByItsKey() throws IOException {
        AcmeIssuer other = fixture.issuer();
        IssuanceContext others = fixture.context(new MemoryStorage());
        Credential theirs = IssuerFixture.join(other.issue(request("theirs.example.com"), others));
        try (LogCapture log = new LogCapture()) {
            fixture.revoke(issuer, theirs, RevocationReason.KEY_COMPROMISE);

            assertThat(fixture.acme.revokedCertificates()).containsExactly(theirs.leaf());
            assertThat(log.lines()).anyMatch(line -> line.contains("its own key is used instead"));
        }
    }

    @Test
    void withoutAnAccountACertificateIsRevokedByItsKeyAndNoAccountIsMade() throws IOException {
        int accounts = fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT).size();

        Void revoked = IssuerFixture.join(fixture.issuer()
                .revoke(credential, RevocationReason.UNSPECIFIED, fixture.context(new MemoryStorage())));

        assertThat(fixture.acme.revokedCertificates()).containsExactly(credential.leaf());
        assertThat(fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(accounts);
    }

    @Test
    void revokingTwiceIsNoFailure() {
        fixture.revoke(issuer, credential, RevocationReason.CESSATION_OF_OPERATION);
        try (LogCapture log = new LogCapture()) {
            fixture.revoke(issuer, credential, RevocationReason.CESSATION_OF_OPERATION);

            assertThat(log.lines()).anyMatch(line -> line.contains("was revoked before"));
        }
    }

    @Test
    void aRevokedCertificateIsToBeRenewedAtOnce() {
        fixture.revoke(issuer, credential, RevocationReason.SUPERSEDED);

        assertThat(fixture.renewalInformation(issuer, credential).orElseThrow().end())
                .isBefore(Instant.now());
    }

    private static Credential withoutAuthorityKey() throws Exception {
        KeyPair key = CertificateKey.EC_P256.generate();
        X500Name name = new X500Name("CN=app.example.com");
        X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.TEN,
                        Date.from(Instant.now()),
                        Date.from(Instant.now().plusSeconds(60)),
                        name,
                        key.getPublic())
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "app.example.com")))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
        return Credential.of(key.getPrivate(), List.of(new JcaX509CertificateConverter().getCertificate(certificate)));
    }

    private List<AcmeOrder> orders() {
        return fixture.acme.orders("app.example.com");
    }

    /** What the last order replaces. */
    private Optional<String> replaced() {
        return Optional.ofNullable(orders().get(orders().size() - 1).replaces());
    }

    private long refusals(AcmeResource resource) {
        return fixture.acme.exchanges(resource).stream()
                .filter(exchange -> exchange.status() >= 400)
                .count();
    }
}
