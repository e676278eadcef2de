package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.probe.HelloOffer;
import dev.gatehouse.testing.internal.probe.TlsOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link HelloProbe}, begun by {@link HelloProbe#builder()}. Each is made at most once. Not safe for use by
 * several threads.
 */
public final class HelloProbeBuilder {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final List<Integer> DEFAULT_VERSIONS = List.of(HelloOffer.TLS_1_3, HelloOffer.TLS_1_2);
    private static final List<Integer> DEFAULT_SUITES =
            List.of(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8);
    private static final List<Integer> DEFAULT_SCHEMES = Stream.of(SignatureScheme.values())
            .filter(scheme -> !scheme.name().endsWith("SHA1"))
            .map(SignatureScheme::code)
            .toList();

    private @Nullable String asked;
    private byte @Nullable [] serverNameExtension;
    private @Nullable List<Integer> versions;
    private @Nullable List<Integer> cipherSuites;
    private @Nullable List<Integer> signatureSchemes;
    private @Nullable List<byte[]> applicationProtocols;
    private @Nullable Duration timeout;

    HelloProbeBuilder() {}

    /**
     * Sends a name as it is, whether or not it is one.
     *
     * @param name is sent as UTF-8
     * @return this builder
     */
    public HelloProbeBuilder serverName(String name) {
        return serverNames(name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends names of any bytes in one extension. RFC 6066 section 3 allows only one; a server should say so.
     *
     * @param names each of at most 65,000 bytes in all
     * @return this builder
     */
    public HelloProbeBuilder serverNames(byte[]... names) {
        TlsOutput list = new TlsOutput();
        StringBuilder text = new StringBuilder("for");
        for (byte[] name : names) {
            list.uint8(0).vector16(name);
            text.append(" '")
                    .append(new String(name, StandardCharsets.ISO_8859_1).replaceAll("[^\\x20-\\x7e]", "?"))
                    .append('\'');
        }
        return extension(
                text.toString(), new TlsOutput().vector16(list.toByteArray()).toByteArray());
    }

    /**
     * Sends an extension {@code server_name} with any content.
     *
     * @param content what follows the length of the extension; at most 65,000 bytes
     * @return this builder
     */
    public HelloProbeBuilder serverNameExtension(byte[] content) {
        return extension("with " + content.length + " bytes as server_name extension", content.clone());
    }

    /** {@return this builder, which sends no server name} */
    public HelloProbeBuilder withoutServerName() {
        return extension("without a server name", null);
    }

    /**
     * Chooses the protocol versions, also those that a server should refuse; the default is TLS 1.3 and TLS 1.2.
     *
     * @param names JSSE names from {@code SSLv3} to {@code TLSv1.3}, best first
     * @return this builder
     */
    public HelloProbeBuilder protocols(String... names) {
        Settings.requireUnset("protocols", versions);
        versions = list("protocols", Stream.of(names).mapToInt(CodePoints::version));
        return this;
    }

    /**
     * Chooses the cipher suites; the default is those of TLS 1.3 and, for TLS 1.2, ECDHE with AES GCM or ChaCha20.
     *
     * @param codePoints best first; for TLS 1.3 among {@code 0x1301} to {@code 0x1303}
     * @return this builder
     */
    public HelloProbeBuilder cipherSuites(int... codePoints) {
        Settings.requireUnset("cipherSuites", cipherSuites);
        cipherSuites = list("cipherSuites", IntStream.of(codePoints));
        return this;
    }

    /**
     * Chooses the signature schemes, and so the kinds of key that the server may show; the default is all without SHA-1.
     *
     * @param schemes best first
     * @return this builder
     */
    public HelloProbeBuilder signatureSchemes(SignatureScheme... schemes) {
        Settings.requireUnset("signatureSchemes", signatureSchemes);
        signatureSchemes = list("signatureSchemes", Stream.of(schemes).mapToInt(SignatureScheme::code));
        return this;
    }

    /**
     * Offers protocols by ALPN (RFC 7301); the default offers none.
     *
     * @param names each character is one byte; best first
     * @return this builder
     */
    public HelloProbeBuilder applicationProtocols(String... names) {
        Settings.requireUnset("applicationProtocols", applicationProtocols);
        applicationProtocols = Stream.of(names)
                .map(name -> name.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        return this;
    }

    /**
     * Bounds the time to connect, and the time of the answer; the default is ten seconds.
     *
     * @param newTimeout more than zero, at most five minutes
     * @return this builder
     */
    public HelloProbeBuilder timeout(Duration newTimeout) {
        Settings.requireUnset("timeout", timeout);
        timeout = Settings.probeTimeout(newTimeout);
        return this;
    }

    /**
     * Makes the probe.
     *
     * @return a new probe
     * @throws IllegalStateException if the server name is not chosen
     */
    public HelloProbe build() {
        if (asked == null) {
            throw new IllegalStateException(
                    "serverName: not chosen. Call serverName, serverNames, serverNameExtension or"
                            + " withoutServerName.");
        }
        HelloOffer offer = new HelloOffer(
                serverNameExtension,
                versions == null ? DEFAULT_VERSIONS : versions,
                cipherSuites == null ? DEFAULT_SUITES : cipherSuites,
                signatureSchemes == null ? DEFAULT_SCHEMES : signatureSchemes,
                applicationProtocols == null ? List.of() : applicationProtocols);
        return new HelloProbe(offer, asked, timeout == null ? DEFAULT_TIMEOUT : timeout);
    }

    private HelloProbeBuilder extension(String text, byte @Nullable [] content) {
        Settings.requireUnset("serverName", asked);
        if (content != null && content.length > 65_000) {
            throw new IllegalArgumentException(
                    "serverName: " + content.length + " bytes do not fit into a ClientHello (expected: <= 65000)");
        }
        asked = text;
        serverNameExtension = content;
        return this;
    }

    private static List<Integer> list(String setting, IntStream values) {
        List<Integer> list = values.boxed().toList();
        if (list.isEmpty()) {
            throw new IllegalArgumentException(setting + ": none (expected: at least one)");
        }
        return list;
    }
}
