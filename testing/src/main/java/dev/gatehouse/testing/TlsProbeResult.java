package dev.gatehouse.testing;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came of one handshake of a {@link TlsProbe}. Immutable and safe for use by several threads. */
public final class TlsProbeResult {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private final List<X509Certificate> chain;
    private final @Nullable String protocol;
    private final @Nullable String cipherSuite;
    private final @Nullable String applicationProtocol;
    private final @Nullable IOException failure;

    private TlsProbeResult(
            List<X509Certificate> chain,
            @Nullable String protocol,
            @Nullable String cipherSuite,
            @Nullable String applicationProtocol,
            @Nullable IOException failure) {
        this.chain = List.copyOf(chain);
        this.protocol = protocol;
        this.cipherSuite = cipherSuite;
        this.applicationProtocol = applicationProtocol;
        this.failure = failure;
    }

    static TlsProbeResult success(
            List<X509Certificate> chain, String protocol, String cipherSuite, @Nullable String applicationProtocol) {
        boolean none = applicationProtocol == null || applicationProtocol.isEmpty();
        return new TlsProbeResult(chain, protocol, cipherSuite, none ? null : applicationProtocol, null);
    }

    static TlsProbeResult failure(List<X509Certificate> chain, IOException failure) {
        return new TlsProbeResult(chain, null, null, null, failure);
    }

    /** {@return whether both sides completed the handshake} */
    public boolean succeeded() {
        return failure == null;
    }

    /**
     * Tells what the server showed, in its order.
     *
     * @return the certificates, also of a handshake that failed after them; unmodifiable. Empty if the server showed none,
     *     or if the handshake failed with a context of the caller's
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
        return Optional.ofNullable(protocol);
    }

    /** {@return the JSSE name of the cipher suite; empty if the handshake failed} */
    public Optional<String> cipherSuite() {
        return Optional.ofNullable(cipherSuite);
    }

    /** {@return the protocol agreed on by ALPN (RFC 7301); empty if none was, or if the handshake failed} */
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(applicationProtocol);
    }

    /**
     * Tells the fatal alert that the server sent (RFC 8446 section 6.2).
     *
     * @return its name, such as {@code unrecognized_name}; empty if the server sent none, as when the client refused
     */
    public Optional<String> alertReceived() {
        Matcher alert = ALERT.matcher(failure == null ? "" : String.valueOf(failure.getMessage()));
        return alert.find() ? Optional.of(alert.group(1)) : Optional.empty();
    }

    /** {@return why the handshake failed, with the JDK's causes; empty if it succeeded} */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** {@return the outcome in one line} */
    @Override
    public String toString() {
        return failure == null
                ? protocol + ", " + cipherSuite + ", ALPN " + applicationProtocol + ", " + chain.size()
                        + " certificates"
                : "failed: " + failure.getMessage();
    }
}
