package dev.gatehouse.acme;

import static dev.gatehouse.acme.IssuerFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an issuer is told to order: external accounts, profiles, chains, keys. */
@Timeout(60)
class AcmeOrderTermsTest {

    private static final String MAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final ServerName NAME = ServerName.of("app.example.com");

    @Test
    void anAccountIsBoundToTheExternalOne() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.externalAccount("kid-1", MAC_KEY));
                LogCapture log = new LogCapture()) {
            Credential credential =
                    fixture.issue(fixture.issuer().externalAccountBinding("kid-1", MAC_KEY), "app.example.com");

            assertThat(credential.coverage().covers(NAME)).isTrue();
            assertThat(log.lines()).noneMatch(line -> line.contains(MAC_KEY));
        }
    }

    @Test
    void anAuthorityThatWantsAnExternalAccountIsAskedForNothingWithoutOne() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.externalAccount("kid-1", MAC_KEY))) {
            assertThatThrownBy(() -> fixture.issue(fixture.issuer(), "app.example.com"))
                    .isInstanceOf(IssuanceException.class)
                    .hasMessageContaining("binds ACME accounts to accounts of its own")
                    .hasMessageContaining("Get a key id and a MAC key")
                    .hasMessageContaining("externalAccountBinding(keyId, macKey)");

            assertThat(fixture.acme.exchanges(AcmeResource.NEW_ACCOUNT)).isEmpty();
            assertThat(fixture.acme.orders()).isEmpty();
        }
    }

    @Test
    void aWrongMacKeyIsSaidByTheAuthority() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.externalAccount("kid-1", MAC_KEY))) {
            assertThatThrownBy(() -> fixture.issue(
                            fixture.issuer().externalAccountBinding("kid-1", MAC_KEY.substring(4) + "AAAA"),
                            "app.example.com"))
                    .isInstanceOfSatisfying(
                            IssuanceException.class,
                            refused -> assertThat(refused.problem()).isPresent())
                    .hasMessageContaining("no account");
        }
    }

    @Test
    void aProfileIsOrdered() throws IOException {
        try (IssuerFixture fixture =
                new IssuerFixture(acme -> acme.profile("shortlived", "six days", Duration.ofDays(6)))) {
            Credential credential = fixture.issue(fixture.issuer().profile("shortlived"), "app.example.com");

            assertThat(Duration.between(credential.notBefore(), credential.notAfter()))
                    .isLessThan(Duration.ofDays(7));
            assertThat(fixture.acme.requireOneOrder("app.example.com").profile())
                    .isEqualTo("shortlived");
        }
    }

    @Test
    void aProfileThatIsNotOfferedIsRefusedWithThoseThatAre() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.profile("classic", "90 days", Duration.ofDays(90))
                .profile("tlsserver", "45 days", Duration.ofDays(45)))) {
            assertThatThrownBy(() -> fixture.issue(fixture.issuer().profile("shortlived"), "app.example.com"))
                    .isInstanceOf(IssuanceException.class)
                    .hasMessageContaining("offers no profile 'shortlived'")
                    .hasMessageContaining("Choose one of classic, tlsserver");

            assertThat(fixture.acme.orders()).isEmpty();
        }
    }

    @Test
    void anAuthorityWithoutProfilesIsNamed() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture()) {
            assertThatThrownBy(() -> fixture.issue(fixture.issuer().profile("shortlived"), "app.example.com"))
                    .isInstanceOf(IssuanceException.class)
                    .hasMessageContaining("leave profile() out");
        }
    }

    @Test
    void thePreferredChainIsTaken() throws IOException {
        TestCa other = TestCa.builder().name("Other").build();
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.alternateChain(other))) {
            String root =
                    commonName(other.rootCertificate().getSubjectX500Principal().getName());

            Credential usual = fixture.issue(fixture.issuer(), "usual.example.com");
            Credential preferred = fixture.issue(fixture.issuer().preferredChain(root), "app.example.com");

            assertThat(last(usual)).doesNotContain(root);
            assertThat(last(preferred)).contains(root);
        }
    }

    @Test
    void aChainThatIsNotOfferedFallsBackToTheUsualOneWithOneLine() throws IOException {
        TestCa other = TestCa.builder().name("Other").build();
        try (IssuerFixture fixture = new IssuerFixture(acme -> acme.alternateChain(other));
                LogCapture log = new LogCapture()) {
            Credential credential = fixture.issue(fixture.issuer().preferredChain("No Such Root"), "app.example.com");

            assertThat(credential.coverage().covers(NAME)).isTrue();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("No Such Root"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN app.example.com: no chain of ")
                            .contains("the usual one is used")
                            .contains("Other"));
        }
    }

    @Test
    void theKeyOfTheRequestWinsOverThatOfTheIssuer() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture()) {
            AcmeIssuer issuer = fixture.issuer().key(CertificateKey.EC_P384);

            Credential usual = fixture.issue(issuer, "usual.example.com");
            Credential asked = fixture.issue(issuer, request("app.example.com").key(CertificateKey.RSA_2048));

            assertThat(((ECPublicKey) usual.leaf().getPublicKey())
                            .getParams()
                            .getOrder()
                            .bitLength())
                    .isEqualTo(384);
            assertThat(asked.leaf().getPublicKey()).isInstanceOf(RSAPublicKey.class);
        }
    }

    @Test
    void eachCertificateHasANewKeyUnlessKeysAreReused() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture()) {
            AcmeIssuer issuer = fixture.issuer();
            Credential first = fixture.issue(issuer, "app.example.com");

            Credential second = fixture.issue(issuer, request("app.example.com").replacing(first));
            Credential third =
                    fixture.issue(issuer.reuseKey(), request("app.example.com").replacing(second));

            assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
            assertThat(third.leaf().getPublicKey()).isEqualTo(second.leaf().getPublicKey());
        }
    }

    @Test
    void aKeyOfAnotherKindIsNotReused() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture()) {
            Credential first = fixture.issue(fixture.issuer(), "app.example.com");

            Credential second = fixture.issue(
                    fixture.issuer().reuseKey().key(CertificateKey.RSA_2048),
                    request("app.example.com").replacing(first));

            assertThat(second.leaf().getPublicKey()).isInstanceOf(RSAPublicKey.class);
        }
    }

    private static String last(Credential credential) {
        return credential
                .chain()
                .get(credential.chain().size() - 1)
                .getIssuerX500Principal()
                .getName();
    }

    private static String commonName(String distinguishedName) {
        return distinguishedName.replaceAll(".*CN=([^,]+).*", "$1");
    }
}
