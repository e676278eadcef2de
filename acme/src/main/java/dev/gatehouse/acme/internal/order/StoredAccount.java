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
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * An account as it is stored: header lines with its location, its public key and what is known of it, then the private key
 * as PEM. An account that another client made may come as its key alone, without a location, which the authority tells when
 * it is asked.
 *
 * @param keyPair the account key
 * @param location the account URL, which is the key id of its requests
 * @param contacts the addresses that the authority was told last, if that is known
 * @param since when it was created, if that is known
 * @param nextKey the key that takes the place of the account key as soon as the authority has agreed
 */
public record StoredAccount(
        KeyPair keyPair,
        URL location,
        Optional<List<String>> contacts,
        Optional<Instant> since,
        Optional<KeyPair> nextKey) {

    /** An account of which nothing else is known. */
    public StoredAccount(KeyPair keyPair, URL location) {
        this(keyPair, location, Optional.empty(), Optional.empty(), Optional.empty());
    }

    StoredAccount withContacts(List<String> registered) {
        return new StoredAccount(keyPair, location, Optional.of(registered), since, nextKey);
    }

    StoredAccount since(Instant moment) {
        return new StoredAccount(keyPair, location, contacts, Optional.of(moment), nextKey);
    }

    StoredAccount withNextKey(KeyPair next) {
        return new StoredAccount(keyPair, location, contacts, since, Optional.of(next));
    }

    /** The authority has agreed to the next key. */
    StoredAccount rolledOver() {
        return new StoredAccount(nextKey.orElseThrow(), location, contacts, since, Optional.empty());
    }

    boolean hasSameKeyAs(StoredAccount other) {
        return Arrays.equals(
                keyPair.getPublic().getEncoded(), other.keyPair.getPublic().getEncoded());
    }

    public byte[] encode() {
        StringBuilder header = new StringBuilder("location: " + location + "\n");
        contacts.ifPresent(known ->
                header.append("contacts: ").append(String.join(", ", known)).append('\n'));
        since.ifPresent(moment -> header.append("since: ").append(moment).append('\n'));
        nextKey.ifPresent(next -> header.append("next-public-key: ")
                .append(base64(next.getPublic().getEncoded()))
                .append("\nnext-private-key: ")
                .append(base64(next.getPrivate().getEncoded()))
                .append('\n'));
        return encode(header.toString(), keyPair);
    }

    /** An account of which only the key is known. */
    public static byte[] encodeKey(KeyPair keyPair) {
        return encode("", keyPair);
    }

    private static byte[] encode(String header, KeyPair keyPair) {
        String text = header + "public-key: " + base64(keyPair.getPublic().getEncoded()) + "\n\n"
                + Pem.encode(keyPair.getPrivate());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] encoded) {
        return Base64.getEncoder().encodeToString(encoded);
    }

    /** Throws IOException if the record is damaged, or has no location. */
    static StoredAccount decode(byte[] content) throws IOException {
        KeyPair keyPair = decodeKey(content);
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            return new StoredAccount(
                    keyPair,
                    location(content)
                            .map(URI::create)
                            .orElseThrow(() -> new IllegalArgumentException("no 'location' line"))
                            .toURL(),
                    line(text, "contacts").map(StoredAccount::addresses),
                    line(text, "since").map(Instant::parse),
                    nextKey(text));
        } catch (GeneralSecurityException | RuntimeException damaged) {
            throw damaged(damaged);
        }
    }

    private static List<String> addresses(String line) {
        return Arrays.stream(line.split(",", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    private static Optional<KeyPair> nextKey(String text) throws GeneralSecurityException {
        Optional<String> publicKey = line(text, "next-public-key");
        Optional<String> privateKey = line(text, "next-private-key");
        if (publicKey.isEmpty() || privateKey.isEmpty()) {
            return Optional.empty();
        }
        KeyFactory factory = KeyFactory.getInstance("EC");
        return Optional.of(new KeyPair(
                factory.generatePublic(
                        new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey.get()))),
                factory.generatePrivate(
                        new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey.get())))));
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
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** Where it is; its keys are secret. */
    @Override
    public String toString() {
        return "account " + location;
    }
}
