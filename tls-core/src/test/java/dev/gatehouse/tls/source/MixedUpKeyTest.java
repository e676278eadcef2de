package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key file whose public half is that of the certificate, and whose private half is another's. */
class MixedUpKeyTest {

    @TempDir
    private Path folder;

    private final HeldCertificate pair = Pairs.of("app.example.com");

    @Test
    void isRefusedWhenItIsLoaded() throws Exception {
        Path file = Pairs.write(folder.resolve("app.pem"), Pairs.chain(pair) + mixedUpKey(pair));

        assertThatThrownBy(() -> CertificateSource.pemFile(file).load())
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("the public key in its file is that of another private key");
    }

    @Test
    void doesNotTakeThePlaceOfAGoodCredential() throws Exception {
        Path file = Pairs.write(folder.resolve("app.pem"), Pairs.chain(pair) + Pairs.key(pair));
        CertificateIndex index = CertificateIndex.create();
        try (WatchedCertificates watched = WatchedCertificates.into(index)
                .add(CertificateSource.directory(folder))
                .start()) {
            Credential good = watched.credentials().iterator().next();

            HeldCertificate renewed = Pairs.of("app.example.com");
            Pairs.write(file, Pairs.chain(renewed) + mixedUpKey(renewed));
            watched.reload();

            assertThat(watched.credentials()).containsExactly(good);
        }
    }

    private static String mixedUpKey(HeldCertificate pair) throws Exception {
        BigInteger another =
                ((ECPrivateKey) Pairs.of("other.example.com").keyPair().getPrivate()).getS();
        byte[] point = SubjectPublicKeyInfo.getInstance(
                        pair.keyPair().getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                    256, another, new DERBitString(point), SECObjectIdentifiers.secp256r1)
                            .getEncoded()));
        }
        return text.toString();
    }
}
