package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.junit.jupiter.api.Test;

/** Two nodes with one storage. */
class TlsAlpn01ChallengesTest {

    private static final ServerName APP = ServerName.of("app.example.com");
    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";

    private final MemoryStorage storage = new MemoryStorage();
    private final TlsAlpn01Challenges one = node();
    private final TlsAlpn01Challenges other = node();

    private TlsAlpn01Challenges node() {
        return new TlsAlpn01Challenges(storage, new ManualClock(), Runnable::run);
    }

    private static Optional<Credential> found(TlsAlpn01Challenges node, String requested) {
        return node.find(ServerName.of(requested)).toCompletableFuture().join();
    }

    @Test
    void theCertificateProvesOneNameByTheDigestOfTheKeyAuthorization() throws Exception {
        try (var published = one.publish(APP, "token.thumbprint")) {
            var leaf = found(one, "app.example.com").orElseThrow().leaf();

            byte[] value = ASN1OctetString.getInstance(leaf.getExtensionValue(ACME_IDENTIFIER))
                    .getOctets();
            assertThat(ASN1OctetString.getInstance(value).getOctets())
                    .isEqualTo(MessageDigest.getInstance("SHA-256")
                            .digest("token.thumbprint".getBytes(StandardCharsets.US_ASCII)));
            assertThat(leaf.getCriticalExtensionOIDs()).containsExactly(ACME_IDENTIFIER);
            assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "app.example.com"));
            assertThat(published).isNotNull();
        }
    }

    @Test
    void anotherNodeMakesTheCertificateOfWhatIsInStorageUntilItIsTakenBack() throws Exception {
        Http01Challenges.Publication name = one.publish(APP, "token.thumbprint");
        Http01Challenges.Publication address = one.publish(ServerName.of("2001:db8::1"), "token.thumbprint");

        assertThat(found(other, "app.example.com")).isPresent();
        assertThat(found(other, "b.example.com")).isEmpty();
        String reverse = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assertThat(found(other, reverse).orElseThrow().leaf().getSubjectAlternativeNames())
                .containsExactly(List.of(7, "2001:db8:0:0:0:0:0:1"));

        name.close();
        address.close();
        assertThat(found(one, "app.example.com")).isEmpty();
        assertThat(found(other, "app.example.com")).isEmpty();
        assertThat(found(other, reverse)).isEmpty();
        assertThat(storage.records()).isEmpty();
    }

    @Test
    void aNameIsProvenForOneOrderAtATime() {
        Http01Challenges.Publication first = one.publish(APP, "first.thumbprint");

        assertThatThrownBy(() -> one.publish(APP, "second.thumbprint"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("for another order");

        first.close();
        first.close();
        one.publish(APP, "second.thumbprint").close();
    }

    @Test
    void whatACrashedNodeHasLeftIsWrittenOver() {
        var leftByACrash = one.publish(APP, "first.thumbprint");

        try (var published = other.publish(APP, "second.thumbprint")) {
            assertThat(found(node(), "app.example.com")).isPresent();
            assertThat(published).isNotNull();
        }
        assertThat(found(node(), "app.example.com")).isEmpty();
        leftByACrash.close();
    }

    @Test
    void withoutStorageThisNodeAnswersAndSaysSo() {
        storage.fail(true);
        try (LogCapture log = new LogCapture();
                var published = one.publish(APP, "token.thumbprint")) {
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN tls-alpn-01: an answer could not be put"));
            assertThat(found(one, "app.example.com")).isPresent();
            assertThat(found(other, "app.example.com")).isEmpty();
            assertThat(published).isNotNull();
        }
    }

    @Test
    void damageInStorageIsNoAnswer() throws IOException {
        storage.write(RecordKey.challenge("acme-tls/1/app.example.com"), new byte[] {1, 2}, CertificateStorage.ABSENT);

        assertThat(found(one, "app.example.com")).isEmpty();
    }
}
