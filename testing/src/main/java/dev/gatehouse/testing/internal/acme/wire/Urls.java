package dev.gatehouse.testing.internal.acme.wire;

import java.net.URI;

/**
 * The URLs of the server's resources, all below one base. A path is {@code /segment}, {@code /segment/id} or
 * {@code /segment/id/part}.
 *
 * @param base scheme and authority, without a slash at the end
 */
public record Urls(String base) {
    public static final String DIRECTORY = "directory";
    public static final String NEW_NONCE = "new-nonce";
    public static final String NEW_ACCOUNT = "new-account";
    public static final String NEW_AUTHORIZATION = "new-authorization";
    public static final String NEW_ORDER = "new-order";
    public static final String KEY_CHANGE = "key-change";
    public static final String REVOKE_CERTIFICATE = "revoke-certificate";
    public static final String RENEWAL_INFO = "renewal-info";
    public static final String TERMS = "terms-of-service";
    public static final String AGREEMENT = "agreement";
    public static final String ISSUER = "issuer";
    public static final String ACCOUNT = "account";
    public static final String ORDER = "order";
    public static final String AUTHORIZATION = "authorization";
    public static final String CHALLENGE = "challenge";
    public static final String CERTIFICATE = "certificate";

    /** The part of an account's path that lists its orders. */
    public static final String ORDERS = "orders";

    /** The part of an order's path that takes the CSR. */
    public static final String FINALIZE = "finalize";

    /** {@return the URL of a resource that exists once} */
    public String of(String segment) {
        return base + "/" + segment;
    }

    /** {@return the URL of one of many resources} */
    public String of(String segment, String id) {
        return base + "/" + segment + "/" + id;
    }

    /** {@return the URL of a part of one of many resources} */
    public String of(String segment, String id, String part) {
        return base + "/" + segment + "/" + id + "/" + part;
    }

    /** {@return the URL of an account, which is also its key identifier} */
    public String account(String id) {
        return of(ACCOUNT, id);
    }

    /** {@return the directory} */
    public URI directory() {
        return URI.create(of(DIRECTORY));
    }
}
