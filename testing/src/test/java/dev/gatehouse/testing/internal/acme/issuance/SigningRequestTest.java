package dev.gatehouse.testing.internal.acme.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class SigningRequestTest {
    private static final KeyPair KEY = KeyAlgorithm.EC_P256.generateKeyPair();
    private static final GeneralName NAME = new GeneralName(GeneralName.dNSName, "App.Example.com");

    @Test
    void takesNamesFromTheCommonNameAndTheAlternativeNames() throws Exception {
        SigningRequest request = SigningRequest.parse(
                csr("CN=www.example.com", KEY, KEY, NAME, new GeneralName(GeneralName.iPAddress, "2001:db8::1")));

        request.requireNames(List.of(
                Identifier.dns("app.example.com"),
                Identifier.dns("www.example.com"),
                new Identifier(Identifier.Type.IP, "2001:db8::1")));
        assertThat(request.key()).isEqualTo(KEY.getPublic());
    }

    @Test
    void refusesMoreAndFewerNames() throws Exception {
        SigningRequest request = SigningRequest.parse(csr("", KEY, KEY, NAME));

        assertBad(
                () -> request.requireNames(List.of(Identifier.dns("app.example.com"), Identifier.dns("b.example.com"))),
                "It asks for [app.example.com], the order is for [app.example.com, b.example.com]");
        assertBad(
                () -> SigningRequest.parse(csr("", KEY, KEY)).requireNames(List.of(Identifier.dns("a"))),
                "asks for []");
    }

    @Test
    void refusesNamesOfOtherKinds() throws Exception {
        SigningRequest request = SigningRequest.parse(
                csr("", KEY, KEY, NAME, new GeneralName(GeneralName.rfc822Name, "ops@example.com")));

        assertBad(() -> request.requireNames(List.of(Identifier.dns("app.example.com"))), "1:ops@example.com");
    }

    @Test
    void refusesARequestThatIsNotSignedWithItsOwnKey() throws Exception {
        String foreign = csr("", KEY, KeyAlgorithm.EC_P256.generateKeyPair(), NAME);

        assertBad(() -> SigningRequest.parse(foreign), "not signed with its own key");
    }

    @Test
    void refusesWeakKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair weak = generator.generateKeyPair();

        SigningRequest request = SigningRequest.parse(csr("", weak, weak, NAME));

        assertBad(() -> request.requireGoodKey(KEY.getPublic()), "Use EC on P-256 or P-384");
    }

    @Test
    void takesEveryUsualKindOfKey() throws Exception {
        for (KeyAlgorithm algorithm :
                List.of(KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P384, KeyAlgorithm.RSA_2048, KeyAlgorithm.ED25519)) {
            KeyPair pair = algorithm.generateKeyPair();
            SigningRequest.parse(csr("", pair, pair, NAME)).requireGoodKey(KEY.getPublic());
        }
    }

    @Test
    void refusesWhatIsNotASigningRequest() {
        assertBad(() -> SigningRequest.parse(""), "cannot be read");
        assertThatThrownBy(() -> SigningRequest.parse("not base64url!")).hasMessageContaining("is not base64url");
        assertBad(() -> SigningRequest.parse("AAAA"), "cannot be read");
    }

    private static void assertBad(ThrowingCallable call, String detail) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().type()).isEqualTo(ProblemType.BAD_CSR))
                .hasMessageContaining(detail);
    }

    private static String csr(String subject, KeyPair key, KeyPair signer, GeneralName... names) throws Exception {
        PKCS10CertificationRequestBuilder builder =
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
        if (names.length > 0) {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        String algorithm = switch (signer.getPrivate().getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        byte[] encoded = builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                .getEncoded();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(encoded);
    }
}
