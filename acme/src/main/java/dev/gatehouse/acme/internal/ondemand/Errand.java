package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.tls.Credential;
import java.util.Optional;

/**
 * Why a flight takes place.
 *
 * @param visitor the handshake that waits, or did when the flight began
 * @param renewal the certificate that is to be replaced, if one is that may still be valid
 * @param isPressing whether the pause of a name that fails is passed over, since a person asks for it
 */
record Errand(Optional<PermissionRequest> visitor, Optional<Renewal> renewal, boolean isPressing) {

    /**
     * A certificate that is to be replaced.
     *
     * @param previous the certificate
     * @param reason why now, a clause
     * @param isAnnounced whether the authority has suggested the time, and so does not count the order among others
     */
    record Renewal(Credential previous, String reason, boolean isAnnounced) {}

    static Errand visit(PermissionRequest visitor) {
        return new Errand(Optional.of(visitor), Optional.empty(), false);
    }

    /** Nobody waits. */
    static Errand background() {
        return new Errand(Optional.empty(), Optional.empty(), false);
    }

    static Errand renewal(Renewal renewal) {
        return new Errand(Optional.empty(), Optional.of(renewal), false);
    }

    /** A person asks for it. */
    Errand pressing() {
        return new Errand(visitor, renewal, true);
    }
}
