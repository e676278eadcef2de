package dev.gatehouse.acme.internal.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the zone of a name at Cloudflare: each part of the name, from the whole to two labels, is asked for as a zone. An
 * id is remembered until a call with it fails.
 */
public final class CloudflareZones {

    private static final int MOST_REMEMBERED = 1_000;

    private final CloudflareApi api;
    private final Map<String, String> configured;
    private final Cache<String, String> idsByName =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** Makes a finder that knows some ids beforehand. */
    public CloudflareZones(CloudflareApi api, Map<String, String> configured) {
        this.api = api;
        this.configured = configured;
    }

    /** A call to the API within a zone. */
    @FunctionalInterface
    public interface ZoneCall {

        /** Calls with the id of the zone. */
        void call(String zoneId) throws DnsProviderException;
    }

    /** Makes a call within the zone of a name. */
    public void within(String name, ZoneCall call) throws DnsProviderException {
        try {
            call.call(zoneIdOf(name));
        } catch (DnsProviderException failure) {
            if (!failure.isTemporary()) {
                idsByName.invalidate(name);
            }
            throw failure;
        }
    }

    private String zoneIdOf(String name) throws DnsProviderException {
        String known = idsByName.getIfPresent(name);
        if (known != null) {
            return known;
        }
        List<String> candidates = candidates(name);
        for (String candidate : candidates) {
            String id = configured.get(candidate);
            if (id != null) {
                return id;
            }
        }
        for (String candidate : candidates) {
            Optional<String> id = api.zoneId(candidate);
            if (id.isPresent()) {
                idsByName.put(name, id.get());
                return id.get();
            }
        }
        throw DnsProviderException.of(
                Reason.ZONE,
                "Cloudflare shows the API token no zone for " + name + ": asked for " + String.join(", ", candidates)
                        + ". Add the zone to the account, or the zone to the token (Zone:Zone:Read), or set its id by"
                        + " zoneId(…).");
    }

    /** Labels with an underscore begin no zone here. */
    private static List<String> candidates(String name) {
        List<String> candidates = new ArrayList<>();
        String rest = name;
        while (rest.indexOf('.') > 0) {
            if (!rest.startsWith("_")) {
                candidates.add(rest);
            }
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        return candidates;
    }
}
