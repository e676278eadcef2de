package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.CloudflareApi;
import dev.gatehouse.acme.internal.dns.CloudflareZones;
import dev.gatehouse.tls.ServerName;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Writes records at Cloudflare, by version 4 of its API and an API token.
 *
 * <p>The token needs the permissions <i>Zone: DNS: Edit</i> and <i>Zone: Zone: Read</i> for the zones in question. The
 * zone of a record is looked up by its name, label by label; with {@link #zoneId} the second permission is not needed.
 * Global API keys are not taken: they open the whole account.
 *
 * <p>Immutable: each method that changes something returns another provider. Safe for use by several threads.
 */
public final class CloudflareDns implements DnsProvider {

    private static final URI API = URI.create("https://api.cloudflare.com/client/v4");
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(20);

    private final Supplier<String> token;
    private final Map<String, String> zoneIds;
    private final URI endpoint;
    private final Duration timeout;
    private final CloudflareApi api;
    private final CloudflareZones zones;

    private CloudflareDns(Supplier<String> token, Map<String, String> zoneIds, URI endpoint, Duration timeout) {
        this.token = token;
        this.zoneIds = zoneIds;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.api = new CloudflareApi(endpoint, token, timeout);
        this.zones = new CloudflareZones(api, zoneIds);
    }

    /**
     * Uses an API token.
     *
     * @param token as Cloudflare shows it once, without {@code Bearer}
     * @return the provider
     * @throws IllegalArgumentException if it cannot be a token
     */
    public static CloudflareDns withApiToken(String token) {
        CloudflareApi.requireToken(token);
        return withApiToken(() -> token);
    }

    /**
     * Uses an API token that may change, such as one in a mounted secret.
     *
     * @param token called with each request, on a worker; may block
     * @return the provider
     */
    public static CloudflareDns withApiToken(Supplier<String> token) {
        return new CloudflareDns(Objects.requireNonNull(token, "token"), Map.of(), API, USUAL_TIMEOUT);
    }

    /**
     * Tells the id of a zone, so that it is not looked up. For tokens without permission to read zones.
     *
     * @param zone the name of the zone
     * @param id its id, as the zone's overview page shows it
     * @return a provider that knows this zone
     * @throws IllegalArgumentException if the zone has an id already, or this is no id
     */
    public CloudflareDns zoneId(String zone, String id) {
        if (!CloudflareApi.isId(id)) {
            throw new IllegalArgumentException("Cloudflare zone id '" + id
                    + "' is none: expected are 32 hexadecimal digits. Copy it from the zone's overview page.");
        }
        Map<String, String> more = new LinkedHashMap<>(zoneIds);
        String name = ServerName.of(zone).value();
        if (more.putIfAbsent(name, id) != null) {
            throw new IllegalArgumentException("Zone '" + name + "' has a Cloudflare id already. Set it once.");
        }
        return new CloudflareDns(token, Map.copyOf(more), endpoint, timeout);
    }

    /**
     * Talks to another address, such as that of a gateway which adds the token.
     *
     * @param newEndpoint an absolute http or https URI in place of {@code https://api.cloudflare.com/client/v4}
     * @return a provider that uses it
     * @throws IllegalArgumentException if it is not such a URI
     */
    public CloudflareDns endpoint(URI newEndpoint) {
        return new CloudflareDns(token, zoneIds, CloudflareApi.requireEndpoint(newEndpoint), timeout);
    }

    /**
     * Sets how long one request may take.
     *
     * @param newTimeout more than zero, at most a minute; the default is 20 seconds
     * @return a provider with this time-out
     */
    public CloudflareDns timeout(Duration newTimeout) {
        return new CloudflareDns(token, zoneIds, endpoint, CloudflareApi.requireTimeout(newTimeout));
    }

    @Override
    public void present(ChallengeRecord record) throws DnsProviderException {
        zones.within(record.name(), zone -> api.create(zone, record));
    }

    @Override
    public void remove(ChallengeRecord record) throws DnsProviderException {
        zones.within(record.name(), zone -> {
            for (String id : api.idsOf(zone, record)) {
                api.delete(zone, id);
            }
        });
    }

    /** {@return "Cloudflare"} */
    @Override
    public String toString() {
        return "Cloudflare";
    }
}
