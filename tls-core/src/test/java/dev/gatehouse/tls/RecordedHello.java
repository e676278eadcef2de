package dev.gatehouse.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The bytes of a real client, in the records it sent: recorded ones, and those of the JDK at hand. */
record RecordedHello(String client, byte[] bytes) {

    private static final List<String> FILES = List.of(
            "openssl-default",
            "openssl-tls12",
            "openssl-tls13",
            "openssl-tls10",
            "openssl-noservername",
            "openssl-underscore-trailing-dot",
            "openssl-invalid-servername",
            "openssl-alpn",
            "openssl-acme-challenge",
            "openssl-many-alpn",
            "openssl-sigalgs",
            "openssl-groups",
            "openssl-tls12-rsa-suites",
            "openssl-tls12-ecdsa-suites",
            "conscrypt-tls12",
            "conscrypt-default",
            "chrome-110",
            "chrome-131",
            "safari-17",
            "firefox-133");

    static List<RecordedHello> all() {
        return Stream.concat(
                        FILES.stream().map(RecordedHello::of),
                        Stream.of(ofJdk("TLSv1.2"), ofJdk("TLSv1.3"), ofJdk("TLSv1.2", "TLSv1.3")))
                .toList();
    }

    static RecordedHello of(String file) {
        try (InputStream hex = RecordedHello.class.getResourceAsStream("/clienthello/" + file + ".hex")) {
            String text = new String(Objects.requireNonNull(hex, file).readAllBytes(), StandardCharsets.US_ASCII);
            return new RecordedHello(file, HexFormat.of().parseHex(text.replaceAll("\\s", "")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static RecordedHello ofJdk(String... protocols) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("app.example.com", 443);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(protocols);
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            parameters.setServerNames(List.of(new SNIHostName("app.example.com")));
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] bytes = new byte[out.flip().remaining()];
            out.get(bytes);
            return new RecordedHello("jdk-" + String.join("-", protocols), bytes);
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** The handshake message without record headers. */
    byte[] message() {
        ByteBuffer records = ByteBuffer.wrap(bytes);
        ByteBuffer message = ByteBuffer.allocate(bytes.length);
        while (records.hasRemaining()) {
            int length = records.getShort(records.position() + 3) & 0xffff;
            records.position(records.position() + 5);
            message.put(records.slice().limit(length));
            records.position(records.position() + length);
        }
        byte[] whole = new byte[message.flip().remaining()];
        message.get(whole);
        return whole;
    }

    @Override
    public String toString() {
        return client;
    }
}
