package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.LeafTerms;
import dev.gatehouse.testing.internal.pki.RevocationSources;
import dev.gatehouse.testing.internal.pki.Validity;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of a server or a client in the making; begun by {@link TestCa#leaf(String...)} and
 * {@link TestCa#client(String)}. Each setting is made at most once. Not safe for use by several threads.
 */
public final class LeafBuilder {
    private final TestCa ca;
    private final LeafTerms terms;
    private @Nullable KeyAlgorithm keyAlgorithm;
    private @Nullable KeyPair keyPair;
    private @Nullable Duration lifetime;
    private @Nullable Validity validity;
    private @Nullable URI ocsp;
    private @Nullable URI crl;
    private @Nullable URI caIssuers;
    private @Nullable RevocationServer revocation;
    private boolean mustStaple;

    LeafBuilder(TestCa ca, LeafTerms terms) {
        this.ca = ca;
        this.terms = terms;
    }

    /**
     * Chooses the kind of key; the default is that of the CA.
     *
     * @param newKeyAlgorithm the kind of key
     * @return this builder
     */
    public LeafBuilder keyAlgorithm(KeyAlgorithm newKeyAlgorithm) {
        Settings.requireUnset("keyAlgorithm", keyAlgorithm);
        Settings.requireUnset("keyPair", keyPair == null ? null : "a key pair");
        keyAlgorithm = Objects.requireNonNull(newKeyAlgorithm, "keyAlgorithm");
        return this;
    }

    /**
     * Takes a key pair that is there already, in place of a new one; saves the time that RSA keys take.
     *
     * @param newKeyPair the holder's key
     * @return this builder
     */
    public LeafBuilder keyPair(KeyPair newKeyPair) {
        Settings.requireUnset("keyPair", keyPair == null ? null : "a key pair");
        Settings.requireUnset("keyAlgorithm", keyAlgorithm);
        keyPair = Objects.requireNonNull(newKeyPair, "keyPair");
        return this;
    }

    /**
     * Sets how long the certificate lasts from now on; the default is that of the CA.
     *
     * @param newLifetime at least one second
     * @return this builder
     */
    public LeafBuilder lifetime(Duration newLifetime) {
        Settings.requireUnset("lifetime", lifetime);
        Settings.requireUnset("validity", validity);
        lifetime = Settings.positive("lifetime", newLifetime);
        return this;
    }

    /**
     * Sets when the certificate counts: also in the past or in the future, to have one that has expired or is not valid
     * yet. Certificates know whole seconds only; fractions are cut off.
     *
     * @param notBefore first moment
     * @param notAfter last moment, at least a second later
     * @return this builder
     */
    public LeafBuilder validity(Instant notBefore, Instant notAfter) {
        Settings.requireUnset("validity", validity);
        Settings.requireUnset("lifetime", lifetime);
        validity = new Validity(notBefore, notAfter);
        return this;
    }

    /**
     * Lets the certificate tell where its state can be had: the OCSP responder, the revocation list and the issuer's
     * certificate of a revocation server. The intermediate in the chain is then one that tells the same of itself, so that
     * clients can check the whole path.
     *
     * @param server a revocation server of the same CA
     * @return this builder
     * @throws IllegalArgumentException if the server is another CA's
     */
    public LeafBuilder revocation(RevocationServer server) {
        Settings.requireUnset("revocation", revocation == null ? null : "a revocation server");
        Settings.requireUnset("ocsp", ocsp);
        Settings.requireUnset("crl", crl);
        revocation = server.requireOf(ca);
        return this;
    }

    /**
     * Names an OCSP responder in the certificate (RFC 5280 section 4.2.2.1), which may be one that does not answer.
     *
     * @param responder its address
     * @return this builder
     */
    public LeafBuilder ocsp(URI responder) {
        Settings.requireUnset("ocsp", ocsp);
        Settings.requireUnset("revocation", revocation == null ? null : "a revocation server");
        ocsp = Objects.requireNonNull(responder, "responder");
        return this;
    }

    /**
     * Names a revocation list in the certificate (RFC 5280 section 4.2.1.13), which may be one that is not there.
     *
     * @param list its address
     * @return this builder
     */
    public LeafBuilder crl(URI list) {
        Settings.requireUnset("crl", crl);
        Settings.requireUnset("revocation", revocation == null ? null : "a revocation server");
        crl = Objects.requireNonNull(list, "list");
        return this;
    }

    /**
     * Names a place where the certificate of the issuer can be had (RFC 5280 section 4.2.2.1), for clients that complete
     * chains themselves. Without it a {@link #revocation} server is named, if there is one.
     *
     * @param issuerCertificate its address
     * @return this builder
     */
    public LeafBuilder caIssuers(URI issuerCertificate) {
        Settings.requireUnset("caIssuers", caIssuers);
        caIssuers = Objects.requireNonNull(issuerCertificate, "issuerCertificate");
        return this;
    }

    /**
     * Obliges the server to staple an OCSP response (the TLS feature extension of RFC 7633, "must staple").
     *
     * @return this builder
     */
    public LeafBuilder mustStaple() {
        Settings.requireUnset("mustStaple", mustStaple ? true : null);
        mustStaple = true;
        return this;
    }

    /**
     * Issues the certificate of a server. A new key is made on each call, unless a key pair was given.
     *
     * @return the key with its certificate and the intermediate
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is neither a host name nor an IP address
     * @throws dev.gatehouse.tls.CredentialException if no server could use it: it has no name that clients can ask for, as
     *     those of clients and those with odd literal names; {@link #material()} issues them all
     */
    public Credential issue() {
        KeyPair pair = chosenKeyPair();
        return Credential.of(pair.getPrivate(), certify(pair.getPublic()));
    }

    /**
     * Issues the certificate, whether or not a server could use it. A new key is made on each call, unless a key pair was
     * given.
     *
     * @return the key with its certificate and the intermediate
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is neither a host name nor an IP address
     */
    public CertificateMaterial material() {
        KeyPair pair = chosenKeyPair();
        return CertificateMaterial.of(pair.getPrivate(), certify(pair.getPublic()));
    }

    /**
     * Issues the certificate for a key whose private half is elsewhere, as a CA does for a certificate signing request.
     *
     * @param publicKey the holder's key
     * @return the certificate and the intermediate, in this order; unmodifiable
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is neither a host name nor an IP address
     */
    public List<X509Certificate> certify(PublicKey publicKey) {
        X509Certificate leaf = ca.intermediate()
                .issue(publicKey, finalTerms(), validity != null ? validity : ca.validityFromNow(lifetime));
        return List.of(leaf, revocation == null ? ca.intermediateCertificate() : revocation.intermediateCertificate());
    }

    private LeafTerms finalTerms() {
        RevocationSources sources = revocation == null
                ? new RevocationSources(ocsp, crl, caIssuers)
                : new RevocationSources(
                        revocation.ocspUri(),
                        revocation.crlUri(),
                        caIssuers == null ? revocation.caIssuersUri() : caIssuers);
        return terms.with(sources, mustStaple);
    }

    private KeyPair chosenKeyPair() {
        if (keyPair != null) {
            return keyPair;
        }
        return (keyAlgorithm != null ? keyAlgorithm : ca.keyAlgorithm()).generateKeyPair();
    }
}
