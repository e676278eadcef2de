package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A credential as the content of a record: where it is from, then key and chain as PEM.
 *
 * @param credential the credential
 * @param issuer the identity of its issuer
 */
public record StoredCertificate(Credential credential, String issuer) {

    private static final String ISSUER = "issuer: ";

    public static byte[] encode(Credential credential, String issuer, Instant issuedAt) {
        String text = ISSUER + issuer + "\nissued-at: " + issuedAt + "\nnames: " + credential.coverage() + "\n\n"
                + Pem.encode(credential.privateKey())
                + Pem.encode(credential.chain());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Throws CredentialException if the record does not hold a credential. */
    public static StoredCertificate decode(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        String firstLine = text.lines().findFirst().orElse("");
        String issuer = firstLine.startsWith(ISSUER) ? firstLine.substring(ISSUER.length()) : "unknown";
        return new StoredCertificate(Pem.credential(text, text), issuer);
    }
}
