package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TlsTestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8738: ACME IP Identifier Validation Extension")
class Rfc8738IpIdentifiersTest extends AgainstServer {

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.challenges(AcmeChallenge.HTTP_01, AcmeChallenge.TLS_ALPN_01, AcmeChallenge.DNS_01)
                .txtResolver(name -> List.of());
    }

    @Test
    @DisplayName(
            "3: the identifier has the type \"ip\" and the textual form of the address as its value (RFC 5952 for IPv6)")
    void addressesAreOrdered() {
        Reply order = client.newOrder("192.0.2.7", "2001:db8::1").requireStatus(201);

        assertThat(order.objects("identifiers"))
                .containsExactly(
                        Map.of("type", "ip", "value", "192.0.2.7"), Map.of("type", "ip", "value", "2001:db8::1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "[2001:db8::1]", "app.example.com", "192.0.2"})
    @DisplayName("3: what is no address is refused")
    void otherValuesAreRefused(String value) {
        client.post(client.url("newOrder"), Map.of("identifiers", List.of(Map.of("type", "ip", "value", value))))
                .requireProblem(400, "rejectedIdentifier");
    }

    @Test
    @DisplayName("4: addresses are validated by http-01 and tls-alpn-01; 7: the DNS challenge MUST NOT be used")
    void dns01IsNotOffered() {
        Reply order = client.newOrder("192.0.2.7");

        assertThat(client.postAsGet(order.strings("authorizations").get(0)).objects("challenges"))
                .extracting(challenge -> challenge.get("type"))
                .containsExactlyInAnyOrder("http-01", "tls-alpn-01");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7,192.0.2.7", "2001:db8::1,[2001:db8::1]"})
    @DisplayName("5: the Host header field MUST be set to the IP address being used for validation")
    void theHostIsTheAddress(String address, String host) {
        Reply order = web.prove(client, client.newOrder(address));

        assertThat(order.text("status")).isEqualTo("ready");
        assertThat(web.askedHosts()).containsExactly(host);
    }

    @Test
    @DisplayName("The certificate carries the address as an iPAddress")
    void theCertificateCarriesTheAddress() throws Exception {
        Reply issued = web.issue(client, KeyAlgorithm.EC_P256.generateKeyPair(), "192.0.2.7");

        assertThat(Issuance.download(client, issued).get(0).getSubjectAlternativeNames())
                .containsExactly(List.of(7, "192.0.2.7"));
    }

    @Test
    @DisplayName("6: the certificate MUST contain an iPAddress, and no dNSName that looks like one")
    void addressesAsDnsNamesAreRefused() throws Exception {
        Reply order = client.newOrder("192.0.2.7");
        Map<String, Object> challenge = Issuance.challenge(
                client.postAsGet(order.strings("authorizations").get(0)), "tls-alpn-01");
        String keyAuthorization = client.keyAuthorization((String) challenge.get("token"));
        try (TlsTestServer tls = TlsTestServer.builder(
                        ChallengeCertificate.forName("192.0.2.7").of(keyAuthorization))
                .applicationProtocols("acme-tls/1")
                .start()) {
            server.useTlsPort(tls.port());
            client.post((String) challenge.get("url"), Map.of());

            assertThat(Issuance.awaitNot(client, order.header("Location"), "pending")
                            .object("error"))
                    .containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,7.2.0.192.in-addr.arpa",
        "2001:db8::1,1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    })
    @DisplayName("6: the SNI MUST be the IN-ADDR.ARPA or IP6.ARPA reverse mapping, the certificate an iPAddress only")
    void theServerNameIsTheReverseMapping(String address, String reverse) throws Exception {
        Reply order = client.newOrder(address);
        Map<String, Object> challenge = Issuance.challenge(
                client.postAsGet(order.strings("authorizations").get(0)), "tls-alpn-01");
        String keyAuthorization = client.keyAuthorization((String) challenge.get("token"));
        try (TlsTestServer tls = TlsTestServer.builder(
                        ChallengeCertificate.forAddress(address).of(keyAuthorization))
                .applicationProtocols("acme-tls/1")
                .start()) {
            server.useTlsPort(tls.port());
            client.post((String) challenge.get("url"), Map.of());

            assertThat(Issuance.awaitNot(client, order.header("Location"), "pending")
                            .text("status"))
                    .isEqualTo("ready");
            assertThat(tls.awaitHandshake(Duration.ofSeconds(10)).serverName()).isEqualTo(reverse);
        }
    }
}
