package dev.gatehouse.acme.internal.ca;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.internal.ca.CaSigner.Validity;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * A certificate authority that signs with its own key. Immutable and safe for use by several threads.
 *
 * @param key the key that it signs with
 * @param chain its certificate first, the root last; both are the same if the root signs itself
 */
public record InternalAuthority(PrivateKey key, List<X509Certificate> chain) {

    private static final Duration LIFETIME = Duration.ofDays(3650);

    /** Clocks differ. */
    private static final Duration BACKDATING = Duration.ofMinutes(5);

    /** Checks that it can sign. */
    public InternalAuthority {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: the certificate of the CA, and its root)");
        }
        for (X509Certificate certificate : chain) {
            if (certificate.getBasicConstraints() < 0) {
                throw new IllegalArgumentException("chain: "
                        + certificate.getSubjectX500Principal().getName()
                        + " is the certificate of no CA (expected: basic constraints that say so)");
            }
        }
        requireLinked(chain);
        requirePair(key, chain.get(0).getPublicKey());
    }

    /**
     * Makes a root and an intermediate for ten years. The key of the root is thrown away after it has signed: so it cannot be
     * stolen, and nothing else will ever be signed by it.
     */
    public static InternalAuthority create(String name, Instant now) {
        int year = now.atZone(ZoneOffset.UTC).getYear();
        Validity validity = new Validity(now.minus(BACKDATING), now.plus(LIFETIME));
        KeyPair rootKey = CertificateKey.EC_P256.generate();
        KeyPair key = CertificateKey.EC_P256.generate();
        X500Name rootName = named(name + " " + year + " Root");
        CaSigner root = new CaSigner(rootName, rootKey.getPublic(), rootKey.getPrivate());
        return new InternalAuthority(
                key.getPrivate(),
                List.of(
                        root.authority(named(name + " " + year + " Intermediate"), key.getPublic(), validity, 0),
                        root.authority(rootName, rootKey.getPublic(), validity, 1)));
    }

    /** Reads what {@link #pem} wrote. */
    static InternalAuthority ofPem(String pem) {
        return new InternalAuthority(Pem.privateKey(pem), Pem.certificates(pem));
    }

    /** Key and certificates. */
    String pem() {
        return Pem.encode(chain) + Pem.encode(key);
    }

    public X509Certificate root() {
        return chain.get(chain.size() - 1);
    }

    /** Until when it can sign. */
    public Instant notAfter() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** The chain of a new certificate: the root is left out, as those who trust it have it. */
    public List<X509Certificate> issue(
            Collection<? extends SubjectName> names, PublicKey subjectKey, Instant now, Duration lifetime) {
        Instant wanted = now.plus(lifetime);
        Instant end = wanted.isAfter(notAfter()) ? notAfter() : wanted;
        X509Certificate own = chain.get(0);
        CaSigner signer =
                new CaSigner(X500Name.getInstance(own.getSubjectX500Principal().getEncoded()), own.getPublicKey(), key);
        List<X509Certificate> issued = new ArrayList<>();
        issued.add(signer.server(generalNames(names), subjectKey, new Validity(now.minus(BACKDATING), end)));
        issued.addAll(chain.size() == 1 ? chain : chain.subList(0, chain.size() - 1));
        return issued;
    }

    /** Whether this authority, as it is now, has signed a certificate. */
    public boolean hasIssued(X509Certificate certificate) {
        try {
            certificate.verify(chain.get(0).getPublicKey());
            return true;
        } catch (GeneralSecurityException foreign) {
            return false;
        }
    }

    private static GeneralNames generalNames(Collection<? extends SubjectName> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        name instanceof ServerName server && server.isIpAddress()
                                ? GeneralName.iPAddress
                                : GeneralName.dNSName,
                        name.value()))
                .toArray(GeneralName[]::new));
    }

    private static X500Name named(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static void requireLinked(List<X509Certificate> chain) {
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate issuer = chain.get(Math.min(i + 1, chain.size() - 1));
            try {
                chain.get(i).verify(issuer.getPublicKey());
            } catch (GeneralSecurityException unlinked) {
                throw new IllegalArgumentException(
                        "chain: " + chain.get(i).getSubjectX500Principal().getName() + " is not signed by "
                                + issuer.getSubjectX500Principal().getName()
                                + " (expected: the CA first, then whoever signed it, up to the root)",
                        unlinked);
            }
        }
    }

    private static void requirePair(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] sample = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException differentKinds) {
            throw new IllegalArgumentException(notOfTheCa(), differentKinds);
        }
        throw new IllegalArgumentException(notOfTheCa());
    }

    private static String notOfTheCa() {
        return "key: not that of the first certificate of the chain (expected: the private key of the CA)";
    }

    /** Its root; the key is secret. */
    @Override
    public String toString() {
        return root().getSubjectX500Principal().getName();
    }
}
