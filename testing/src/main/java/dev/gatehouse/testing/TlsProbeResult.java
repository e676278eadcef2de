package dev.gatehouse.testing;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one handshake of a {@link TlsProbe}. The methods {@code require...} throw an {@link AssertionError} that tells
 * the whole outcome, and return the result, so that they can follow one another:
 *
 * <pre>{@code
 * probe.probe(server).requireCompleted().requireProtocol("TLSv1.3").requireLeaf(credential.leaf());
 * probe.probe(other).requireAlert("unrecognized_name");
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TlsProbeResult {
    private final String subject;
    private final ProbeOutcome outcome;
    private final List<X509Certificate> chain;
    private final @Nullable Agreement agreement;
    private final @Nullable IOException failure;
    private final @Nullable ReceivedAlert alert;
    private final @Nullable String plainText;

    private TlsProbeResult(
            String subject,
            ProbeOutcome outcome,
            List<X509Certificate> chain,
            @Nullable Agreement agreement,
            @Nullable IOException failure,
            @Nullable ReceivedAlert alert,
            @Nullable String plainText) {
        this.subject = subject;
        this.outcome = outcome;
        this.chain = List.copyOf(chain);
        this.agreement = agreement;
        this.failure = failure;
        this.alert = alert;
        this.plainText = plainText;
    }

    static TlsProbeResult success(String subject, List<X509Certificate> chain, Agreement agreement) {
        return new TlsProbeResult(subject, ProbeOutcome.COMPLETED, chain, agreement, null, null, null);
    }

    static TlsProbeResult failure(String subject, List<X509Certificate> chain, ProbeFailure failure) {
        return new TlsProbeResult(
                subject, failure.outcome(), chain, null, failure.cause(), failure.alert(), failure.plainText());
    }

    /** {@return how the handshake ended} */
    public ProbeOutcome outcome() {
        return outcome;
    }

    /** {@return whether both sides completed the handshake} */
    public boolean succeeded() {
        return outcome == ProbeOutcome.COMPLETED;
    }

    /**
     * Tells what the server showed, in its order.
     *
     * @return the certificates, also of a handshake that failed after them, or that resumed a session in which they were
     *     shown; unmodifiable. Empty if the server showed none, or if the handshake failed with a context of the caller's
     */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** {@return the server's own certificate, the first of {@link #chain()}} */
    public Optional<X509Certificate> leaf() {
        return chain.stream().findFirst();
    }

    /** {@return the protocol, such as {@code TLSv1.3}; empty if the handshake failed} */
    public Optional<String> protocol() {
        return Optional.ofNullable(agreement).map(Agreement::protocol);
    }

    /** {@return the JSSE name of the cipher suite; empty if the handshake failed} */
    public Optional<String> cipherSuite() {
        return Optional.ofNullable(agreement).map(Agreement::cipherSuite);
    }

    /** {@return the protocol agreed on by ALPN (RFC 7301); empty if none was, or if the handshake failed} */
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(agreement).map(Agreement::applicationProtocol);
    }

    /** {@return whether an earlier session of the same probe was resumed, so that the server showed no certificate} */
    public boolean resumed() {
        return agreement != null && agreement.resumed();
    }

    /** {@return the OCSP responses that the server stapled, that for the leaf first; unmodifiable, empty for none} */
    public List<OcspStaple> staples() {
        return agreement == null ? List.of() : agreement.staples();
    }

    /**
     * Tells what the server proved its key with.
     *
     * @return the name at IANA, such as {@code rsa_pss_rsae_sha256}; empty if it is not known, which it is to a
     *     {@link HelloProbe} only
     */
    public Optional<String> signatureScheme() {
        return Optional.ofNullable(agreement).map(Agreement::signatureScheme);
    }

    /** {@return whether the server asked for a client certificate, which only a {@link HelloProbe} knows} */
    public boolean clientCertificateRequested() {
        return agreement != null && agreement.clientCertificateRequested();
    }

    /** {@return the fatal alert that the server sent; empty if it sent none, as when the probe refused} */
    public Optional<ReceivedAlert> alert() {
        return Optional.ofNullable(alert);
    }

    /** {@return the first line of a server that does not speak TLS, such as {@code HTTP/1.1 400 Bad Request}} */
    public Optional<String> plainText() {
        return Optional.ofNullable(plainText);
    }

    /** {@return why the handshake failed, with the JDK's causes; empty if it succeeded} */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Requires that both sides completed the handshake.
     *
     * @return this result
     */
    public TlsProbeResult requireCompleted() {
        return requireOutcome(ProbeOutcome.COMPLETED);
    }

    /**
     * Requires a way to end.
     *
     * @param expected the outcome
     * @return this result
     */
    public TlsProbeResult requireOutcome(ProbeOutcome expected) {
        return require(outcome == expected, "outcome: " + expected);
    }

    /**
     * Requires that the server ended the handshake with an alert.
     *
     * @param name such as {@code unrecognized_name}
     * @return this result
     */
    public TlsProbeResult requireAlert(String name) {
        return require(alert != null && alert.name().equals(name), "alert " + ReceivedAlert.of(name));
    }

    /**
     * Requires that the probe refused, as clients do that find something wrong with a certificate.
     *
     * @param reason a part of the message of the failure, or of one of its causes
     * @return this result
     */
    public TlsProbeResult requireRefused(String reason) {
        boolean found = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            found |= String.valueOf(cause.getMessage()).contains(reason);
        }
        return require(
                outcome == ProbeOutcome.REFUSED_BY_PROBE && found, "refused by the probe because of '" + reason + "'");
    }

    /**
     * Requires that the server showed exactly these certificates.
     *
     * @param expected the chain, leaf first
     * @return this result
     */
    public TlsProbeResult requireChain(List<X509Certificate> expected) {
        return require(chain.equals(expected), "chain " + CertificateText.of(expected));
    }

    /**
     * Requires that the server showed this certificate as its own.
     *
     * @param expected the leaf
     * @return this result
     */
    public TlsProbeResult requireLeaf(X509Certificate expected) {
        return require(leaf().filter(expected::equals).isPresent(), "leaf " + CertificateText.of(expected));
    }

    /**
     * Requires a version.
     *
     * @param expected such as {@code TLSv1.3}
     * @return this result
     */
    public TlsProbeResult requireProtocol(String expected) {
        return require(protocol().filter(expected::equals).isPresent(), "protocol " + expected);
    }

    /**
     * Requires an agreement by ALPN.
     *
     * @param expected such as {@code h2}
     * @return this result
     */
    public TlsProbeResult requireApplicationProtocol(String expected) {
        return require(applicationProtocol().filter(expected::equals).isPresent(), "ALPN " + expected);
    }

    /**
     * Requires that an earlier session was resumed, or that none was.
     *
     * @param expected whether it was
     * @return this result
     */
    public TlsProbeResult requireResumed(boolean expected) {
        return require(
                agreement != null && agreement.resumed() == expected, expected ? "a resumed session" : "a new session");
    }

    /**
     * Requires that the server stapled an OCSP response for its certificate.
     *
     * @param expected what the response says
     * @return this result
     */
    public TlsProbeResult requireStaple(OcspStaple.Status expected) {
        return require(
                staples().stream()
                        .findFirst()
                        .filter(staple -> staple.status() == expected)
                        .isPresent(),
                "a stapled OCSP response: " + expected);
    }

    private TlsProbeResult require(boolean met, String expected) {
        if (!met) {
            throw new AssertionError(subject + ":\n  expected " + expected + "\n  but it " + description(), failure);
        }
        return this;
    }

    private String description() {
        String shown = ", chain: " + CertificateText.of(chain);
        if (agreement != null) {
            return "completed: " + agreement + shown;
        }
        String text = plainText == null ? "" : ", server wrote: " + plainText;
        return "failed: " + (alert == null ? outcome : "alert " + alert) + " ("
                + Objects.requireNonNull(failure).getMessage() + ")" + text + shown;
    }

    /** {@return the outcome in one line} */
    @Override
    public String toString() {
        return subject + ' ' + description();
    }

    /**
     * What both sides agreed on.
     *
     * @param applicationProtocol null for none
     */
    record Agreement(
            String protocol,
            String cipherSuite,
            @Nullable String applicationProtocol,
            boolean resumed,
            List<OcspStaple> staples,
            @Nullable String signatureScheme,
            boolean clientCertificateRequested) {

        @Override
        public String toString() {
            return protocol + ", " + cipherSuite + ", ALPN "
                    + (applicationProtocol == null ? "none" : applicationProtocol)
                    + (resumed ? ", resumed" : ", new session")
                    + (staples.isEmpty() ? "" : ", stapled " + staples);
        }
    }
}
