package dev.gatehouse.tls;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The certificate that a chain seems to lack: it has only the leaf, and the leaf's issuer is not there. Browsers often
 * have it from elsewhere; other clients then fail to find the way to a root. A root that issues leaves itself, as
 * private ones do, looks the same, so this is a warning and no error.
 *
 * @param issuer the name of the missing certificate
 * @param location where the leaf says that it can be downloaded, if it does
 */
public record MissingIntermediate(X500Principal issuer, Optional<URI> location) {

    /**
     * Makes a finding.
     *
     * @param issuer the name of the missing certificate
     * @param location where it can be downloaded, if that is known
     */
    public MissingIntermediate {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(location, "location");
    }

    /** {@return what to do, in one sentence} */
    public String remedy() {
        return "Append the certificate of '" + issuer.getName() + "' to the chain"
                + location.map(uri -> "; it can be downloaded from " + uri).orElse("") + ".";
    }

    /** {@return what is missing and what to do, for a log line} */
    @Override
    public String toString() {
        return "The issuer '" + issuer.getName() + "' is not in the chain, so some clients will not trust it. "
                + remedy();
    }
}
