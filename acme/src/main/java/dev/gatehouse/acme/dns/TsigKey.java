package dev.gatehouse.acme.dns;

import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shared secret that signs DNS messages (TSIG, RFC 8945). Its name and algorithm are part of it: the server must know it
 * under both. Immutable; nothing of it shows the secret.
 */
public final class TsigKey {

    private static final long LONGEST_FILE = 64 * 1024;
    private static final Pattern KEY_CLAUSE = Pattern.compile("key\\s+\"?([^\"{;\\s]+)\"?\\s*\\{([^}]*)\\}");
    private static final Pattern ALGORITHM = Pattern.compile("algorithm\\s+\"?([^\";\\s]+)\"?\\s*;");
    private static final Pattern SECRET = Pattern.compile("secret\\s+\"?([^\";\\s]+)\"?\\s*;");

    /** How messages are signed. */
    public enum Algorithm {
        /** HMAC with SHA-256, which every server knows. */
        HMAC_SHA256("hmac-sha256", "HmacSHA256"),
        /** HMAC with SHA-384. */
        HMAC_SHA384("hmac-sha384", "HmacSHA384"),
        /** HMAC with SHA-512. */
        HMAC_SHA512("hmac-sha512", "HmacSHA512");

        private final String dnsName;
        private final String jcaName;

        Algorithm(String dnsName, String jcaName) {
            this.dnsName = dnsName;
            this.jcaName = jcaName;
        }

        /** {@return the name that DNS messages and configuration files have, such as {@code hmac-sha256}} */
        public String dnsName() {
            return dnsName;
        }

        /** {@return the name that JCA has, such as {@code HmacSHA256}} */
        public String jcaName() {
            return jcaName;
        }

        private static Algorithm named(String dnsName) {
            return Arrays.stream(values())
                    .filter(algorithm -> algorithm.dnsName.equals(dnsName.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("TSIG algorithm '" + dnsName
                            + "' is not taken. Make a key with hmac-sha256, hmac-sha384 or hmac-sha512, such as by"
                            + " tsig-keygen."));
        }
    }

    private final String name;
    private final Algorithm algorithm;
    private final byte[] secret;

    private TsigKey(String name, Algorithm algorithm, byte[] secret) {
        this.name = name;
        this.algorithm = algorithm;
        this.secret = secret;
    }

    /**
     * Makes a key.
     *
     * @param name the name that the server knows it by
     * @param algorithm how it signs
     * @param secret the secret, base64 as key files have it
     * @return the key
     * @throws IllegalArgumentException if the name is no domain name, or the secret is not base64 or shorter than 16 bytes
     */
    public static TsigKey of(String name, Algorithm algorithm, String secret) {
        return new TsigKey(normalized(name), algorithm, decoded(name, secret));
    }

    /**
     * Reads a key file as {@code tsig-keygen} writes it and {@code named.conf} includes it.
     *
     * @param file a file with one {@code key "name" { algorithm …; secret "…"; };}
     * @return the key
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if there is no such key in it, or several
     */
    public static TsigKey read(Path file) throws IOException {
        if (Files.size(file) > LONGEST_FILE) {
            throw new IllegalArgumentException(file + ": is longer than 64 kB, and so no TSIG key file.");
        }
        Matcher clause = KEY_CLAUSE.matcher(Files.readString(file));
        if (!clause.find()) {
            throw new IllegalArgumentException(
                    file + ": has no TSIG key. Expected: key \"name\" { algorithm hmac-sha256;"
                            + " secret \"…\"; }; as tsig-keygen writes it.");
        }
        String name = clause.group(1);
        String body = clause.group(2);
        if (clause.find()) {
            throw new IllegalArgumentException(
                    file + ": has more than one TSIG key. Put the one to use into a file of its own.");
        }
        return of(name, Algorithm.named(part(file, ALGORITHM, body, "algorithm")), part(file, SECRET, body, "secret"));
    }

    private static String part(Path file, Pattern pattern, String body, String what) {
        Matcher part = pattern.matcher(body);
        if (!part.find()) {
            throw new IllegalArgumentException(file + ": its TSIG key has no " + what + ".");
        }
        return part.group(1);
    }

    private static String normalized(String name) {
        try {
            return ServerName.of(name).value();
        } catch (InvalidNameException malformed) {
            throw new IllegalArgumentException("TSIG key name '" + name + "' is no domain name.", malformed);
        }
    }

    private static byte[] decoded(String name, String secret) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret.strip());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "TSIG key '" + name + "': its secret is not base64. Copy it from the server's key file.");
        }
        if (bytes.length < 16) {
            throw new IllegalArgumentException("TSIG key '" + name + "': its secret has " + bytes.length
                    + " bytes, which is too short. Make one with at least 16, such as by tsig-keygen.");
        }
        return bytes;
    }

    /** {@return the name that the server knows it by} */
    public String name() {
        return name;
    }

    /** {@return how it signs} */
    public Algorithm algorithm() {
        return algorithm;
    }

    /** {@return a copy of the secret} */
    public byte[] secret() {
        return secret.clone();
    }

    /** {@return the name and the algorithm} */
    @Override
    public String toString() {
        return name + " (" + algorithm.dnsName + ")";
    }
}
