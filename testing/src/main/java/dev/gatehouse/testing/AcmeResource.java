package dev.gatehouse.testing;

/** The resources of an {@link AcmeTestServer} that an {@link AcmeFault} can be meant for (RFC 8555 section 7.1). */
public enum AcmeResource {
    /** The directory. */
    DIRECTORY,
    /** Fresh nonces. */
    NEW_NONCE,
    /** Creating and finding accounts. */
    NEW_ACCOUNT,
    /** An account, its update and its deactivation. */
    ACCOUNT,
    /** The list of an account's orders. */
    ORDERS,
    /** Changing the key of an account. */
    KEY_CHANGE,
    /** Authorizations before there is an order (RFC 8555 section 7.4.1). */
    NEW_AUTHORIZATION,
    /** New orders. */
    NEW_ORDER,
    /** An order. */
    ORDER,
    /** The signing request for an order. */
    FINALIZE,
    /** An authorization and its deactivation. */
    AUTHORIZATION,
    /** A challenge and the start of its validation. */
    CHALLENGE,
    /** A certificate chain. */
    CERTIFICATE,
    /** Revocation. */
    REVOKE_CERTIFICATE,
    /** Renewal information (RFC 9773). */
    RENEWAL_INFO
}
