package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.CredentialFactory;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A private key with its certificate chain, leaf first: what a server shows for the names of the leaf.
 *
 * <p>Checked when it is made: the key is that of the leaf, the leaf has a name, and the chain is in order. Immutable and
 * safe for use by several threads. Two credentials are never equal, even for the same names: each is one generation, and
 * {@link #id()} tells them apart.
 *
 * <p>One exception: where a source loads more than a thousand new pairs at once, an EC key is matched by the public half that
 * its file brings along, and proves that it is the leaf's when it is first opened. One that does not is never used.
 *
 * <p><b>Memory.</b> Key and certificates are kept as bytes, and intermediates once for all credentials that share them:
 * about a kilobyte for an EC key and its certificate. {@link #privateKey()}, {@link #chain()} and {@link #leaf()} parse
 * them when they are asked for, which takes some ten microseconds and blocks on nothing; a {@link SniKeyManager} keeps
 * the parsed form of what is in use, and while it does these methods return that. A key without an encoding, such as one
 * in a hardware module, is kept as the object that it is.
 */
public final class Credential {

    static {
        CredentialFactory.set(Credential::of);
    }

    private static final AtomicLong GENERATION = new AtomicLong();
    private static final IssuerCertificate[] NO_ISSUERS = {};

    private final CredentialKey key;
    private final KeyType keyType;
    private final byte[] leaf;
    private final IssuerCertificate[] issuers;
    private final boolean rootGiven;
    private final Coverage coverage;
    private final long notBeforeMillis;
    private final long notAfterMillis;
    private final long generation = GENERATION.incrementAndGet();
    private volatile @Nullable WeakReference<OpenedCredential> opened;

    private Credential(CredentialKey key, EncodedCertificate leaf, List<EncodedCertificate> certificates) {
        CertificateChains.Issuers behind = CertificateChains.issuersOf(leaf, certificates);
        this.key = key;
        this.keyType = key.type();
        this.leaf = leaf.encoded();
        this.issuers = behind.certificates().toArray(NO_ISSUERS);
        this.rootGiven = behind.rootGiven();
        this.coverage = SubjectNames.of(leaf);
        this.notBeforeMillis = leaf.notBeforeMillis();
        this.notAfterMillis = leaf.notAfterMillis();
        if (coverage.isEmpty()) {
            throw new CredentialException("Certificate " + leaf.describe()
                    + " has no DNS name or IP address in its subject alternative names, so no client can ask for it."
                    + " Issue one with subject alternative names.");
        }
    }

    /**
     * Makes a credential. The key proves that it is that of the leaf by a signature, which takes about a millisecond, or
     * as long as the device that holds the key.
     *
     * @param privateKey the key of the leaf
     * @param certificates the leaf and its intermediates in any order; certificates that do not belong to the chain, and
     *     a self-signed root, are left out
     * @return the credential
     * @throws CredentialException if the key is not that of any certificate, is of a type that servers cannot use, or the
     *     leaf has no usable name
     */
    public static Credential of(PrivateKey privateKey, List<X509Certificate> certificates) {
        EncodedCertificate leaf = EncodedCertificate.of(KeyMatch.leafOf(privateKey, certificates));
        List<EncodedCertificate> encoded =
                certificates.stream().map(EncodedCertificate::of).toList();
        return new Credential(CredentialKey.of(privateKey, leaf), leaf, encoded);
    }

    /**
     * Makes a credential from encoded parts, the fast way to load many: nothing is parsed beyond what the checks need. The
     * key proves that it is that of the leaf by its public key, which is computed from it: about 60 microseconds for
     * P-256.
     *
     * @param pkcs8PrivateKey the DER of a PKCS #8 {@code PrivateKeyInfo}, not encrypted (RFC 5208): EC on P-256, P-384 or
     *     P-521, RSA, Ed25519 or Ed448
     * @param certificates the DER of the leaf and its intermediates in any order; certificates that do not belong to the
     *     chain, and a self-signed root, are left out
     * @return the credential; the arrays are not kept
     * @throws CredentialException if the key is not that of any certificate or is of a type that servers cannot use, the
     *     leaf has no usable name, or something is malformed
     */
    public static Credential ofDer(byte[] pkcs8PrivateKey, List<byte[]> certificates) {
        EncodedPrivateKey key = EncodedPrivateKey.of(pkcs8PrivateKey.clone());
        List<EncodedCertificate> read = new ArrayList<>(certificates.size());
        for (byte[] certificate : certificates) {
            read.add(EncodedCertificate.of(certificate.clone()));
        }
        return of(key, read);
    }

    static Credential of(EncodedPrivateKey key, List<EncodedCertificate> certificates) {
        return new Credential(CredentialKey.of(key), KeyMatch.leafOf(key, certificates), certificates);
    }

    /**
     * {@return the private key of the leaf}
     *
     * @throws CredentialException if the JVM cannot read it
     */
    public PrivateKey privateKey() {
        return open().privateKey();
    }

    /**
     * {@return the certificates, leaf first, each certified by the next; unmodifiable}
     *
     * @throws CredentialException if the JVM cannot read them
     */
    public List<X509Certificate> chain() {
        return open().chain();
    }

    /**
     * {@return the certificate of the key}
     *
     * @throws CredentialException if the JVM cannot read it
     */
    public X509Certificate leaf() {
        return chain().get(0);
    }

    /** The parsed form: that which somebody holds already, else a new one. */
    OpenedCredential open() {
        WeakReference<OpenedCredential> reference = opened;
        OpenedCredential present = reference == null ? null : reference.get();
        if (present == null) {
            present = parse();
            opened = new WeakReference<>(present);
        }
        return present;
    }

    private OpenedCredential parse() {
        X509Certificate[] chain = new X509Certificate[issuers.length + 1];
        chain[0] = CertificateChains.parse(leaf);
        for (int i = 0; i < issuers.length; i++) {
            chain[i + 1] = issuers[i].parsed();
        }
        return new OpenedCredential(key.open(), List.of(chain));
    }

    /** {@return the names that this is good for} */
    public Coverage coverage() {
        return coverage;
    }

    /** {@return the family of the key} */
    public KeyType keyType() {
        return keyType;
    }

    /** {@return the first instant of validity of the leaf} */
    public Instant notBefore() {
        return Instant.ofEpochMilli(notBeforeMillis);
    }

    /** {@return the last instant of validity of the leaf} */
    public Instant notAfter() {
        return Instant.ofEpochMilli(notAfterMillis);
    }

    /**
     * Tells whether the leaf can be shown at an instant.
     *
     * @param now the instant
     * @return true from {@link #notBefore()} to {@link #notAfter()}, both included
     */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(notBefore()) && !now.isAfter(notAfter());
    }

    /** The same for milliseconds since the epoch, for the choice in a handshake. */
    boolean isValidAt(long nowMillis) {
        return nowMillis >= notBeforeMillis && nowMillis <= notAfterMillis;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    long notAfterMillis() {
        return notAfterMillis;
    }

    /**
     * {@return the name of the issuer of the leaf}
     *
     * @throws CredentialException if the JVM cannot read it
     */
    public X500Principal issuer() {
        return leafDer().issuer();
    }

    /** {@return the serial number of the leaf, unique for its issuer} */
    public BigInteger serialNumber() {
        return new BigInteger(leafDer().serialNumber());
    }

    /** {@return the SHA-256 digest of the leaf's DER, as 64 lower-case hexadecimal digits, as openssl and browsers show it} */
    public String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256.", impossible);
        }
    }

    /**
     * {@return the identifier under which the authority has renewal information about the leaf (RFC 9773, section 4.1);
     * empty if the leaf has no authority key identifier}
     */
    public Optional<String> ariCertificateId() {
        EncodedCertificate der = leafDer();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return der.authorityKeyId()
                .map(issuerKey -> base64.encodeToString(issuerKey) + '.' + base64.encodeToString(der.serialNumber()));
    }

    /**
     * Tells whether the chain seems to lack its intermediate: there is only the leaf, its issuer is another, and no root
     * was given that issued it. Nothing is asked of a trust store, so a chain with an intermediate counts as complete.
     * Certificates of Cloudflare's origin authority are complete as they are.
     *
     * @return what is missing, a warning for those who load credentials to log; empty if the chain seems complete
     * @throws CredentialException if the JVM cannot read the name of the issuer
     */
    public Optional<MissingIntermediate> missingIntermediate() {
        if (issuers.length > 0 || rootGiven) {
            return Optional.empty();
        }
        EncodedCertificate der = leafDer();
        X500Principal issuer = der.issuer();
        return der.isSelfIssued() || AuditPeer.isCloudflareOrigin(issuer)
                ? Optional.empty()
                : Optional.of(new MissingIntermediate(issuer, der.issuerLocation()));
    }

    private EncodedCertificate leafDer() {
        return EncodedCertificate.of(leaf);
    }

    /** {@return the first name and a number, unique in this JVM: the alias under which JSSE knows this generation} */
    public String id() {
        return coverage.firstName() + '#' + generation;
    }

    /** {@return names, key type and end of validity, for a log; nothing secret} */
    @Override
    public String toString() {
        return coverage + " (" + keyType() + ", until " + notAfter() + ")";
    }
}
