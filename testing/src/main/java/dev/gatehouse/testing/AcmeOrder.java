package dev.gatehouse.testing;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order of an {@link AcmeTestServer} as it stood when it was asked for. Immutable.
 *
 * @param location the URL of the order
 * @param account the URL of the account that made it
 * @param names the ordered names and IP addresses, in the order of the request
 * @param status where it is in its life
 * @param expires until when it can be finalized
 * @param error why it is invalid, as the client was told; null when it is not invalid, or when it just expired
 * @param profile the profile of its certificate; null for none
 * @param replaces the renewal identifier of the certificate that it replaces (RFC 9773 section 5); null for none
 * @param certificate the certificate that was issued for it; null before
 */
public record AcmeOrder(
        URI location,
        URI account,
        List<String> names,
        OrderStatus status,
        Instant expires,
        @Nullable String error,
        @Nullable String profile,
        @Nullable String replaces,
        @Nullable X509Certificate certificate) {

    /**
     * Makes a snapshot.
     *
     * @param location the URL of the order
     * @param account the URL of the account that made it
     * @param names the ordered names and IP addresses, copied
     * @param status where it is in its life
     * @param expires until when it can be finalized
     * @param error why it is invalid, if that is known
     * @param profile the profile of its certificate
     * @param replaces the renewal identifier of the certificate that it replaces
     * @param certificate the certificate that was issued for it
     */
    public AcmeOrder {
        names = List.copyOf(names);
    }
}
