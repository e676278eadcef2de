package dev.gatehouse.acme.internal.preflight;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Looks up CAA records. May block. */
@FunctionalInterface
public interface CaaLookup {

    /**
     * The records of exactly this domain, aliases followed; none if it has none or does not exist.
     *
     * @param domain without a trailing dot
     * @throws IOException if they could not be looked up
     */
    List<CaaRecord> lookup(String domain) throws IOException;

    /** Through dnsjava, if it is there: it is optional. */
    static Optional<CaaLookup> ifAvailable() {
        try {
            Class.forName("org.xbill.DNS.Lookup");
            return Optional.of(new DnsjavaCaaLookup());
        } catch (ClassNotFoundException | LinkageError absent) {
            return Optional.empty();
        }
    }
}
