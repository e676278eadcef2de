package dev.gatehouse.testing;

import java.util.function.Function;

/**
 * What can be wrong with a server's certificate. A test of a client goes through all of them:
 *
 * <pre>{@code
 * @ParameterizedTest
 * @EnumSource(CertificateFault.class)
 * void clientRefuses(CertificateFault fault) throws Exception {
 *     try (TlsTestServer server = TlsTestServer.start(ca.broken("localhost").with(fault))) {
 *         assertThatThrownBy(() -> client.get(server.uri())).isInstanceOf(SSLException.class);
 *     }
 * }
 * }</pre>
 *
 * <p>A client with the default settings of the JDK refuses all but {@link #COMMON_NAME_ONLY}, {@link #WILDCARD_IN_LABEL},
 * {@link #WEAK_KEY} and {@link #SHA1_SIGNATURE}, and on Java 17 {@link #WILDCARD_NOT_LEFTMOST} and {@link #WILDCARD_TWICE}. A
 * revoked certificate is not among the faults, because it needs a {@link RevocationServer}: see
 * {@link BrokenCertificates#revoked}.
 */
public enum CertificateFault {
    /** {@link BrokenCertificates#expired()} */
    EXPIRED(BrokenCertificates::expired),
    /** {@link BrokenCertificates#notYetValid()} */
    NOT_YET_VALID(BrokenCertificates::notYetValid),
    /** {@link BrokenCertificates#wrongHost()} */
    WRONG_HOST(BrokenCertificates::wrongHost),
    /** {@link BrokenCertificates#commonNameOnly()} */
    COMMON_NAME_ONLY(BrokenCertificates::commonNameOnly),
    /** {@link BrokenCertificates#wildcardTooShort()} */
    WILDCARD_TOO_SHORT(BrokenCertificates::wildcardTooShort),
    /** {@link BrokenCertificates#wildcardTooLong()} */
    WILDCARD_TOO_LONG(BrokenCertificates::wildcardTooLong),
    /** {@link BrokenCertificates#wildcardNotLeftmost()} */
    WILDCARD_NOT_LEFTMOST(BrokenCertificates::wildcardNotLeftmost),
    /** {@link BrokenCertificates#wildcardTwice()} */
    WILDCARD_TWICE(BrokenCertificates::wildcardTwice),
    /** {@link BrokenCertificates#wildcardInLabel()} */
    WILDCARD_IN_LABEL(BrokenCertificates::wildcardInLabel),
    /** {@link BrokenCertificates#missingIntermediate()} */
    MISSING_INTERMEDIATE(BrokenCertificates::missingIntermediate),
    /** {@link BrokenCertificates#wrongOrder()} */
    WRONG_ORDER(BrokenCertificates::wrongOrder),
    /** {@link BrokenCertificates#mismatchedKey()} */
    MISMATCHED_KEY(BrokenCertificates::mismatchedKey),
    /** {@link BrokenCertificates#selfSigned()} */
    SELF_SIGNED(BrokenCertificates::selfSigned),
    /** {@link BrokenCertificates#untrustedRoot()} */
    UNTRUSTED_ROOT(BrokenCertificates::untrustedRoot),
    /** {@link BrokenCertificates#expiredIntermediate()} */
    EXPIRED_INTERMEDIATE(BrokenCertificates::expiredIntermediate),
    /** {@link BrokenCertificates#issuerIsNoCa()} */
    ISSUER_IS_NO_CA(BrokenCertificates::issuerIsNoCa),
    /** {@link BrokenCertificates#nameNotPermitted()} */
    NAME_NOT_PERMITTED(BrokenCertificates::nameNotPermitted),
    /** {@link BrokenCertificates#invalidSignature()} */
    INVALID_SIGNATURE(BrokenCertificates::invalidSignature),
    /** {@link BrokenCertificates#unknownCriticalExtension()} */
    UNKNOWN_CRITICAL_EXTENSION(BrokenCertificates::unknownCriticalExtension),
    /** {@link BrokenCertificates#weakKey()} */
    WEAK_KEY(BrokenCertificates::weakKey),
    /** {@link BrokenCertificates#sha1Signature()} */
    SHA1_SIGNATURE(BrokenCertificates::sha1Signature),
    /** {@link BrokenCertificates#md5Signature()} */
    MD5_SIGNATURE(BrokenCertificates::md5Signature),
    /** {@link BrokenCertificates#wrongExtendedKeyUsage()} */
    WRONG_EXTENDED_KEY_USAGE(BrokenCertificates::wrongExtendedKeyUsage);

    /** A method reference without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<BrokenCertificates, CertificateMaterial> maker;

    CertificateFault(Function<BrokenCertificates, CertificateMaterial> maker) {
        this.maker = maker;
    }

    CertificateMaterial apply(BrokenCertificates certificates) {
        return maker.apply(certificates);
    }
}
