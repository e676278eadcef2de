package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.internal.pki.RenewalIds;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that was issued for an order.
 *
 * @param id the last part of its URL
 * @param accountId whose order it was
 * @param names the names of the order
 * @param chain the certificate and the intermediate
 * @param revoked when it was revoked, null if it was not
 * @param window when it should be renewed
 */
public record IssuedCertificate(
        String id,
        String accountId,
        List<String> names,
        List<X509Certificate> chain,
        @Nullable Instant revoked,
        SuggestedWindow window) {

    /** Makes the list immutable. */
    public IssuedCertificate {
        names = List.copyOf(names);
        chain = List.copyOf(chain);
    }

    static IssuedCertificate issued(String id, String accountId, List<String> names, List<X509Certificate> chain) {
        return new IssuedCertificate(id, accountId, names, chain, null, SuggestedWindow.usual(chain.get(0)));
    }

    /** {@return the certificate itself} */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** {@return its identifier in renewal information} */
    public String renewalId() {
        return RenewalIds.of(leaf());
    }

    /** A revoked certificate should have been renewed by now, and its window says so (RFC 9773 section 4.2). */
    IssuedCertificate revoked(Instant when) {
        return new IssuedCertificate(
                id,
                accountId,
                names,
                chain,
                when,
                new SuggestedWindow(when.minusSeconds(1), when, window.explanation()));
    }

    IssuedCertificate suggested(SuggestedWindow newWindow) {
        return new IssuedCertificate(id, accountId, names, chain, revoked, newWindow);
    }
}
