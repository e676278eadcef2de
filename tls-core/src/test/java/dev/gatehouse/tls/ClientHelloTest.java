package dev.gatehouse.tls;

import static dev.gatehouse.tls.HelloBytes.extension;
import static dev.gatehouse.tls.HelloBytes.hex;
import static dev.gatehouse.tls.HelloBytes.serverName;
import static dev.gatehouse.tls.HelloBytes.vector16;
import static dev.gatehouse.tls.HelloBytes.vector8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.tls.ClientHelloReader.Progress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientHelloTest {

    private static final Credential EC = Certificates.ec("app.example.com");
    private static final Credential RSA = Certificates.rsa("app.example.com");

    @Test
    void aHelloWithoutExtensionsIsOfTls12WithSha1() {
        ClientHello hello = read(new HelloBytes());

        assertThat(hello.serverName()).isEmpty();
        assertThat(hello.invalidServerName()).isEmpty();
        assertThat(hello.supportedVersions()).containsExactly(TlsVersion.TLS_1_2);
        assertThat(hello.signatureAlgorithms()).containsExactly("SHA1withRSA", "SHA1withDSA", "SHA1withECDSA");
        assertThat(hello.supportedGroups().isEmpty()).isTrue();
        assertThat(hello.canVerify(EC)).isTrue();
        assertThat(hello.canVerify(RSA)).isTrue();
        assertThat(read(new HelloBytes().extensions()).signatureAlgorithms()).hasSize(3);
    }

    @Test
    void theExtensionOverrulesTheLegacyVersion() {
        byte[] versions = extension(43, vector8(hex("7a7a 0399 0304 7f1c")));

        assertThat(read(new HelloBytes().extensions(versions)).supportedVersions())
                .containsExactly(TlsVersion.TLS_1_3);
        assertThat(read(new HelloBytes().legacyVersion(0x0304)).supportedVersions())
                .containsExactly(TlsVersion.TLS_1_2);
        assertThat(read(new HelloBytes().legacyVersion(0x0302)).supportedVersions())
                .isEmpty();
        assertThat(read(new HelloBytes().extensions(extension(43, vector8(hex("0302")))))
                        .supportedVersions())
                .isEmpty();
    }

    @Test
    void missingSignatureAlgorithmsOfTls13AreNotKnown() {
        ClientHello hello = read(new HelloBytes().extensions(extension(43, vector8(hex("0304")))));

        assertThat(hello.signatureAlgorithms()).isEmpty();
        assertThat(hello.canVerify(RSA)).isTrue();
    }

    @Test
    void schemesWithoutANameAreNotTakenForAMissingList() {
        ClientHello hello = read(new HelloBytes()
                .extensions(extension(43, vector8(hex("0304"))), extension(13, vector16(hex("0904 081a")))));

        assertThat(hello.signatureAlgorithms()).containsExactly("0x0904", "0x081a");
        assertThat(hello.canVerify(EC)).isFalse();
        assertThat(hello.canVerify(RSA)).isFalse();
    }

    @Test
    void theCipherSuitesOfTls12LimitTheKeys() {
        byte[] allSchemes = extension(13, vector16(hex("0403 0804 0401 0807")));
        ClientHello ecdsaOnly =
                read(new HelloBytes().cipherSuites("c02b 00ff 5600").extensions(allSchemes));
        ClientHello rsaOnly = read(new HelloBytes().cipherSuites("1301 c02f").extensions(allSchemes));
        ClientHello tls13 = read(new HelloBytes()
                .cipherSuites("1301 c02f")
                .extensions(allSchemes, extension(43, vector8(hex("0304 0303")))));

        assertThat(ecdsaOnly.canVerify(EC)).isTrue();
        assertThat(ecdsaOnly.canVerify(RSA)).isFalse();
        assertThat(ecdsaOnly.verifyingOnly(KeyType.RSA)).isEmpty();
        assertThat(ecdsaOnly.verifyingOnly(KeyType.EDDSA)).isPresent();
        assertThat(rsaOnly.canVerify(EC)).isFalse();
        assertThat(rsaOnly.canVerify(RSA)).isTrue();
        assertThat(rsaOnly.verifyingOnly(KeyType.RSA).orElseThrow().signatureAlgorithms())
                .containsExactly("RSASSA-PSS", "SHA256withRSA");
        assertThat(tls13.canVerify(EC)).isTrue();
    }

    @Test
    void anIndexChoosesByTheCipherSuitesToo() {
        CertificateIndex index = CertificateIndex.create();
        index.add(EC);
        index.add(RSA);

        assertThat(index.select(read("openssl-tls12-rsa-suites"))).contains(RSA);
        assertThat(index.select(read("openssl-tls12-ecdsa-suites"))).contains(EC);
        assertThat(index.select(read("openssl-sigalgs"))).contains(RSA);
        assertThat(index.select(read("chrome-131"))).contains(EC);
    }

    @Test
    void resumptionIsToldByTicketKeyOrSessionId() {
        byte[] tls13 = extension(43, vector8(hex("0304")));
        byte[] id = new byte[32];

        assertThat(read(new HelloBytes().extensions(extension(35))).offersResumption())
                .isFalse();
        assertThat(read(new HelloBytes().extensions(extension(35, id))).offersResumption())
                .isTrue();
        assertThat(read(new HelloBytes().extensions(tls13, extension(41, id))).offersResumption())
                .isTrue();
        assertThat(read(new HelloBytes().sessionId(id)).offersResumption()).isTrue();
        assertThat(read(new HelloBytes().sessionId(id).extensions(tls13)).offersResumption())
                .isFalse();
    }

    @Test
    void serverNamesOfUnknownTypesAreSkipped() {
        byte[] names =
                extension(0, vector16(hex("07 0001 61"), HelloBytes.hostName("app.example.com"), hex("08 0000")));

        assertThat(read(new HelloBytes().extensions(names))).hasToString("app.example.com");
    }

    @Test
    void aChallengeOffersNothingElse() {
        ClientHello.Builder hello = ClientHello.builder().serverName(ServerName.of("app.example.com"));

        assertThat(hello.applicationProtocols(List.of("acme-tls/1")).build().isAcmeChallenge())
                .isTrue();
        assertThat(hello.applicationProtocols(List.of("h2", "acme-tls/1"))
                        .build()
                        .isAcmeChallenge())
                .isFalse();
        assertThat(hello.applicationProtocols(List.of()).build().isAcmeChallenge())
                .isFalse();
    }

    @Test
    void aBuiltHelloLeavesOpenWhatIsNotSet() {
        ClientHello hello = ClientHello.of(ServerName.of("app.example.com"));

        assertThat(hello.supportedVersions()).containsExactly(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(hello.cipherSuites()).isEqualTo(TlsCodePoints.none());
        assertThat(hello.signatureAlgorithms()).isEmpty();
        assertThat(hello.offersResumption()).isFalse();
        assertThat(hello.canVerify(RSA)).isTrue();
    }

    @Test
    void aBuiltHelloSaysWhatIsSet() {
        ClientHello hello = ClientHello.builder()
                .supportedVersions(Set.of(TlsVersion.TLS_1_2))
                .cipherSuites(TlsCodePoints.of(0xc02b))
                .supportedGroups(TlsCodePoints.of(0x001d))
                .signatureSchemes(TlsCodePoints.of(0x0403, 0x0401))
                .offersResumption(true)
                .build()
                .withClientAddress(InetAddress.getLoopbackAddress());

        assertThat(hello.highestVersion()).contains(TlsVersion.TLS_1_2);
        assertThat(hello.supports(TlsVersion.TLS_1_3)).isFalse();
        assertThat(hello.signatureAlgorithms()).containsExactly("SHA256withECDSA", "SHA256withRSA");
        assertThat(hello.supportedGroups().contains(0x001d)).isTrue();
        assertThat(hello.offersResumption()).isTrue();
        assertThat(hello.canVerify(EC)).isTrue();
        assertThat(hello.canVerify(RSA)).isFalse();
        assertThat(hello.clientAddress()).contains(InetAddress.getLoopbackAddress());
    }

    @Test
    void codePointsAreAListWithoutReservedValues() {
        TlsCodePoints points = TlsCodePoints.of(0x0a0a, 0x1301, 0xfafa, 0x0a1a, 0x1a0a, 0xc02f);

        assertThat(points).hasToString("[0x1301, 0x0a1a, 0x1a0a, 0xc02f]");
        assertThat(points.size()).isEqualTo(4);
        assertThat(points.get(3)).isEqualTo(0xc02f);
        assertThat(points).isEqualTo(TlsCodePoints.of(0x1301, 0x0a1a, 0x1a0a, 0xc02f));
        assertThat(points).isNotEqualTo(TlsCodePoints.of(0x1301));
        assertThat(TlsCodePoints.of(0xfafa)).isEqualTo(TlsCodePoints.none());
        assertThatIllegalArgumentException().isThrownBy(() -> TlsCodePoints.of(65536));
        assertThatIllegalArgumentException().isThrownBy(() -> TlsCodePoints.of(-1));
    }

    @Test
    void aNameOfAnyLengthIsJudgedAndNotKept() {
        ClientHello hello = read(new HelloBytes().extensions(serverName("a".repeat(15_000))));

        assertThat(hello.serverName()).isEmpty();
        assertThat(hello.invalidServerName()).contains(InvalidNameException.Reason.TOO_LONG);
    }

    private static ClientHello read(String client) {
        return read(RecordedHello.of(client).bytes());
    }

    private static ClientHello read(HelloBytes hello) {
        return read(hello.bytes());
    }

    private static ClientHello read(byte[] bytes) {
        ClientHelloReader reader = ClientHelloReader.create();
        assertThat(reader.read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
        return reader.clientHello();
    }
}
