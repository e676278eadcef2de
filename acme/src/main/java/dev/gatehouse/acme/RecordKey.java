package dev.gatehouse.acme;

import dev.gatehouse.tls.ServerName;
import java.util.Objects;

/**
 * Names a record in a {@link CertificateStorage}.
 *
 * @param kind what the record holds
 * @param name which one of that kind: a server name, or the identity of an issuer
 */
public record RecordKey(Kind kind, String name) {

    /** What a record holds. */
    public enum Kind {
        /** A certificate chain with its private key, under a server name. */
        CERTIFICATE,
        /** The key and location of an account, under the identity of its issuer. */
        ACCOUNT
    }

    /**
     * Checks the parts.
     *
     * @param kind what the record holds
     * @param name which one of that kind; 1 to 1024 characters
     */
    public RecordKey {
        Objects.requireNonNull(kind, "kind");
        if (name.isEmpty() || name.length() > 1024) {
            throw new IllegalArgumentException("name: " + name.length() + " characters (expected: 1 to 1024)");
        }
    }

    /**
     * Names the certificate of a server name.
     *
     * @param name the server name
     * @return its key
     */
    public static RecordKey certificate(ServerName name) {
        return new RecordKey(Kind.CERTIFICATE, name.value());
    }

    /**
     * Names the account at an issuer.
     *
     * @param issuer the identity of the issuer
     * @return its key
     */
    public static RecordKey account(String issuer) {
        return new RecordKey(Kind.ACCOUNT, issuer);
    }
}
