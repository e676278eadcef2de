package dev.gatehouse.acme;

import dev.gatehouse.tls.SubjectName;
import java.util.Objects;

/**
 * Names a record in a {@link CertificateStorage}.
 *
 * @param kind what the record holds
 * @param name which one of that kind: a server name, the identity of an issuer, a token
 */
public record RecordKey(Kind kind, String name) {

    /** What a record holds. */
    public enum Kind {
        /** A certificate chain with its private key, under a server name. */
        CERTIFICATE,
        /** The key and location of an account, under the identity of its issuer. */
        ACCOUNT,
        /** The answer to a challenge, under its token, so that any node can give it. */
        CHALLENGE,
        /** What is known about the way to a certificate: failures in a row, the next try, pauses of an authority. */
        STATE
    }

    /**
     * Checks the parts.
     *
     * @param kind what the record holds
     * @param name which one of that kind; 1 to 1024 characters, any that UTF-8 can hold except NUL
     */
    public RecordKey {
        Objects.requireNonNull(kind, "kind");
        StorageNames.require("name", name);
    }

    /**
     * Names the certificate of a name.
     *
     * @param name a server name or a wildcard name
     * @return its key
     */
    public static RecordKey certificate(SubjectName name) {
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

    /**
     * Names the answer to a challenge.
     *
     * @param token the token of the challenge
     * @return its key
     */
    public static RecordKey challenge(String token) {
        return new RecordKey(Kind.CHALLENGE, token);
    }

    /**
     * Names a piece of state.
     *
     * @param name what it is about
     * @return its key
     */
    public static RecordKey state(String name) {
        return new RecordKey(Kind.STATE, name);
    }

    /** {@return kind and name, for messages} */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
