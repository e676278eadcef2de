package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.tls.ServerName;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * An order that is to be looked at.
 *
 * @param name its name; without the star, if it is a wildcard name
 * @param wildcard whether it is a wildcard name
 * @param caaIdentities the authority's names in CAA records, from the {@code meta} of its directory (RFC 8555, section
 *     9.7.6); empty if it does not tell, and CAA is then not checked
 * @param account the URL of the account (RFC 8657), if it exists yet
 * @param challengeTypes which ones may be used, such as {@code http-01}
 */
public record PreflightQuestion(
        ServerName name,
        boolean wildcard,
        Set<String> caaIdentities,
        Optional<URI> account,
        Set<String> challengeTypes) {

    /** For a name that is not a wildcard name. */
    public PreflightQuestion(
            ServerName name, Set<String> caaIdentities, Optional<URI> account, Set<String> challengeTypes) {
        this(name, false, caaIdentities, account, challengeTypes);
    }
}
