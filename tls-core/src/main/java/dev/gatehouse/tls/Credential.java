package dev.gatehouse.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A private key with its certificate chain, leaf first: what a server shows for the names of the leaf.
 *
 * <p>Checked when it is made: the key signs what the leaf verifies, and the chain is in order. Immutable and safe for
 * use by several threads. Two credentials are never equal, even for the same names: each is one generation, and
 * {@link #id()} tells them apart.
 */
public final class Credential {

    private static final AtomicLong GENERATION = new AtomicLong();

    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;
    private final Coverage coverage;
    private final KeyType keyType;
    private final long notBeforeMillis;
    private final long notAfterMillis;
    private final String id;

    private Credential(PrivateKey privateKey, List<X509Certificate> chain, Coverage coverage, KeyType keyType) {
        this.privateKey = privateKey;
        this.chain = chain;
        this.coverage = coverage;
        this.keyType = keyType;
        this.notBeforeMillis = chain.get(0).getNotBefore().getTime();
        this.notAfterMillis = chain.get(0).getNotAfter().getTime();
        this.id = firstName(coverage) + '#' + GENERATION.incrementAndGet();
    }

    /**
     * Makes a credential.
     *
     * @param privateKey the key of the leaf
     * @param certificates the leaf and its intermediates in any order; certificates that do not belong to the chain, and
     *     a self-signed root behind an intermediate, are left out
     * @return the credential
     * @throws CredentialException if the key is not that of any certificate, is of a type that servers cannot use, or the
     *     leaf has no usable name
     */
    public static Credential of(PrivateKey privateKey, List<X509Certificate> certificates) {
        X509Certificate leaf = KeyMatch.leafOf(privateKey, certificates);
        Coverage coverage = SubjectNames.of(leaf);
        if (coverage.isEmpty()) {
            throw new CredentialException("Certificate " + SubjectNames.describe(leaf)
                    + " has no DNS name or IP address in its subject alternative names, so no client can ask for it."
                    + " Issue one with subject alternative names.");
        }
        return new Credential(
                privateKey, CertificateChains.inOrder(leaf, certificates), coverage, KeyType.of(privateKey));
    }

    private static String firstName(Coverage coverage) {
        return coverage.exactNames().isEmpty()
                ? coverage.wildcardNames().first().value()
                : coverage.exactNames().first().value();
    }

    /** {@return the private key of the leaf} */
    public PrivateKey privateKey() {
        return privateKey;
    }

    /** {@return the certificates, leaf first, each certified by the next; unmodifiable} */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** {@return the certificate of the key} */
    public X509Certificate leaf() {
        return chain.get(0);
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

    long notAfterMillis() {
        return notAfterMillis;
    }

    /** {@return the first name and a number, unique in this JVM: the alias under which JSSE knows this generation} */
    public String id() {
        return id;
    }

    /** {@return names, key type and end of validity, for a log; nothing secret} */
    @Override
    public String toString() {
        return coverage + " (" + keyType + ", until " + notAfter() + ")";
    }
}
