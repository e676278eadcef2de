package dev.gatehouse.testing.internal.pki;

import java.security.cert.CRLReason;
import java.time.Instant;

/**
 * That a certificate counts no more.
 *
 * @param at since when
 * @param reason why (RFC 5280 section 5.3.1)
 */
public record Revocation(Instant at, CRLReason reason) {

    /** {@return the code of the reason, as it is encoded} */
    public int reasonCode() {
        return switch (reason) {
            case UNSPECIFIED -> 0;
            case KEY_COMPROMISE -> 1;
            case CA_COMPROMISE -> 2;
            case AFFILIATION_CHANGED -> 3;
            case SUPERSEDED -> 4;
            case CESSATION_OF_OPERATION -> 5;
            case CERTIFICATE_HOLD -> 6;
            case UNUSED -> 7;
            case REMOVE_FROM_CRL -> 8;
            case PRIVILEGE_WITHDRAWN -> 9;
            case AA_COMPROMISE -> 10;
        };
    }
}
