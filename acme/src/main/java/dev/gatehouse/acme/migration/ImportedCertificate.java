package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A certificate with its private key, as it was found. It may be expired.
 *
 * @param credential the certificate chain and the key, which fit together
 * @param directory the ACME directory of the authority that issued it, if the folder tells
 * @param source the file that has the certificate
 */
public record ImportedCertificate(Credential credential, Optional<URI> directory, Path source) {

    /** {@return the names that it is for} */
    public Coverage names() {
        return credential.coverage();
    }

    /** {@return names, key type, end of validity and path; nothing secret} */
    @Override
    public String toString() {
        return credential + " from " + source;
    }
}
