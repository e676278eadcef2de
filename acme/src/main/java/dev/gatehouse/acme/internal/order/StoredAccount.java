package dev.gatehouse.acme.internal.order;

import dev.gatehouse.tls.KeyType;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * An account as it is stored: header lines with its location and public key, then the private key as PEM. An account that
 * another client made may come as its key alone, without a location, which the authority tells when it is asked.
 *
 * @param keyPair the account key
 * @param location the account URL, which is the key id of its requests
 */
public record StoredAccount(KeyPair keyPair, URL location) {

    public byte[] encode() {
        return encode("location: " + location + "\n", keyPair);
    }

    /** An account of which only the key is known. */
    public static byte[] encodeKey(KeyPair keyPair) {
        return encode("", keyPair);
    }

    private static byte[] encode(String location, KeyPair keyPair) {
        String publicKey =
                Base64.getEncoder().encodeToString(keyPair.getPublic().getEncoded());
        String text = location + "public-key: " + publicKey + "\n\n" + Pem.encode(keyPair.getPrivate());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Throws IOException if the record is damaged, or has no location. */
    static StoredAccount decode(byte[] content) throws IOException {
        KeyPair keyPair = decodeKey(content);
        try {
            return new StoredAccount(
                    keyPair,
                    location(content)
                            .map(URI::create)
                            .orElseThrow(() -> new IllegalArgumentException("no 'location' line"))
                            .toURL());
        } catch (IllegalArgumentException damaged) {
            throw damaged(damaged);
        }
    }

    static Optional<String> location(byte[] content) {
        return line(new String(content, StandardCharsets.UTF_8), "location");
    }

    /** Throws IOException if the record is damaged. */
    public static KeyPair decodeKey(byte[] content) throws IOException {
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            PrivateKey privateKey = Pem.privateKey(text);
            X509EncodedKeySpec publicKey =
                    new X509EncodedKeySpec(Base64.getDecoder().decode(publicKeyLine(text)));
            PublicKey decoded =
                    KeyFactory.getInstance(KeyType.of(privateKey).toString()).generatePublic(publicKey);
            return new KeyPair(decoded, privateKey);
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw damaged(damaged);
        }
    }

    private static IOException damaged(Exception cause) {
        return new IOException(
                "The stored ACME account is damaged (" + cause.getMessage()
                        + "). Delete its record to make a new account.",
                cause);
    }

    private static String publicKeyLine(String text) {
        return line(text, "public-key").orElseThrow(() -> new IllegalArgumentException("no 'public-key' line"));
    }

    private static Optional<String> line(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst();
    }
}
