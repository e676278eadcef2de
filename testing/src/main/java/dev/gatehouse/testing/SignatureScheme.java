package dev.gatehouse.testing;

import java.util.Locale;

/**
 * The signature schemes by which a client tells what it can verify (RFC 8446 section 4.2.3), and by which a server with
 * several certificates chooses one. Those of RSA keys begin with {@code RSA_}.
 */
public enum SignatureScheme {
    /** ECDSA on P-256. */
    ECDSA_SECP256R1_SHA256(0x0403),
    /** ECDSA on P-384. */
    ECDSA_SECP384R1_SHA384(0x0503),
    /** ECDSA on P-521. */
    ECDSA_SECP521R1_SHA512(0x0603),
    /** Ed25519. */
    ED25519(0x0807),
    /** Ed448. */
    ED448(0x0808),
    /** RSA PSS with the usual RSA keys. */
    RSA_PSS_RSAE_SHA256(0x0804),
    /** RSA PSS with the usual RSA keys. */
    RSA_PSS_RSAE_SHA384(0x0805),
    /** RSA PSS with the usual RSA keys. */
    RSA_PSS_RSAE_SHA512(0x0806),
    /** RSA PKCS #1, in TLS 1.3 for certificates only. */
    RSA_PKCS1_SHA256(0x0401),
    /** RSA PKCS #1, in TLS 1.3 for certificates only. */
    RSA_PKCS1_SHA384(0x0501),
    /** RSA PKCS #1, in TLS 1.3 for certificates only. */
    RSA_PKCS1_SHA512(0x0601),
    /** ECDSA over SHA-1; deprecated. */
    ECDSA_SHA1(0x0203),
    /** RSA PKCS #1 over SHA-1; deprecated. */
    RSA_PKCS1_SHA1(0x0201);

    private final int code;

    SignatureScheme(int code) {
        this.code = code;
    }

    /** {@return the code point, such as {@code 0x0403}} */
    public int code() {
        return code;
    }

    /** {@return the name at IANA and in JSSE, such as {@code ecdsa_secp256r1_sha256}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
