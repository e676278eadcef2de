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

/**
 * An account as it is stored: header lines with its location and public key, then the private key as PEM.
 *
 * @param keyPair the account key
 * @param location the account URL, which is the key id of its requests
 */
record StoredAccount(KeyPair keyPair, URL location) {

    byte[] encode() {
        String publicKey =
                Base64.getEncoder().encodeToString(keyPair.getPublic().getEncoded());
        String text =
                "location: " + location + "\npublic-key: " + publicKey + "\n\n" + Pem.encode(keyPair.getPrivate());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static StoredAccount decode(byte[] content) throws IOException {
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            PrivateKey privateKey = Pem.privateKey(text);
            X509EncodedKeySpec publicKey =
                    new X509EncodedKeySpec(Base64.getDecoder().decode(line(text, "public-key")));
            PublicKey decoded =
                    KeyFactory.getInstance(KeyType.of(privateKey).toString()).generatePublic(publicKey);
            return new StoredAccount(
                    new KeyPair(decoded, privateKey),
                    URI.create(line(text, "location")).toURL());
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw new IOException(
                    "The stored ACME account is damaged (" + damaged.getMessage()
                            + "). Delete its record to make a new account.",
                    damaged);
        }
    }

    private static String line(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no '" + name + "' line"));
    }
}
