package dev.gatehouse.routing.internal.table;

import dev.gatehouse.routing.RouteConflictException;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a host and a path to a route: the exact host, then the wildcard for its left-most label, then the routes for
 * all hosts; under each the longest path prefix. Immutable; a lookup takes no lock and keeps nothing.
 */
public final class RouteTable {

    /** Looking at all readings of longer paths would cost an attacker less than it costs here. */
    private static final int MAX_AMBIGUOUS_LENGTH = 8 * 1024;

    private static final PrefixTable NO_ROUTES = new PrefixTable(List.of());

    private final HostTable exactHosts;

    /** By what follows the left-most label. */
    private final HostTable wildcardHosts;

    private final PrefixTable allHosts;
    private final boolean pathMissFallsThrough;

    private RouteTable(Map<String, Map<String, Route>> routesByHost, boolean pathMissFallsThrough) {
        this.pathMissFallsThrough = pathMissFallsThrough;
        Map<String, PrefixTable> exact = new HashMap<>();
        Map<String, PrefixTable> wildcard = new HashMap<>();
        PrefixTable catchAll = NO_ROUTES;
        for (Map.Entry<String, Map<String, Route>> entry : routesByHost.entrySet()) {
            String host = entry.getKey();
            PrefixTable prefixes = new PrefixTable(entry.getValue().values());
            if (host.isEmpty()) {
                catchAll = prefixes;
            } else if (host.startsWith("*.")) {
                wildcard.put(host.substring(2), prefixes);
            } else {
                exact.put(host, prefixes);
            }
        }
        exactHosts = new HostTable(exact);
        wildcardHosts = new HostTable(wildcard);
        allHosts = catchAll;
    }

    /**
     * Compiles a table.
     *
     * @param services all services, each with what takes its exchanges
     * @param pathMissFallsThrough whether a host whose prefixes do not cover the path leaves it to the less specific hosts
     * @return the table
     * @throws RouteConflictException if two services claim the same host and prefix
     */
    public static RouteTable of(Map<Service, Stage> services, boolean pathMissFallsThrough) {
        Map<String, Map<String, Route>> routesByHost = new HashMap<>();
        services.forEach((service, entrance) -> {
            for (String host : service.hosts().isEmpty() ? List.of("") : service.hosts()) {
                Map<String, Route> routes = routesByHost.computeIfAbsent(host, none -> new HashMap<>());
                for (String prefix : service.pathPrefixes()) {
                    Route before = routes.putIfAbsent(prefix, new Route(service, prefix, entrance));
                    if (before != null) {
                        throw conflict(before.service(), service, host, prefix);
                    }
                }
            }
        });
        return new RouteTable(routesByHost, pathMissFallsThrough);
    }

    private static RouteConflictException conflict(Service one, Service other, String host, String prefix) {
        List<String> names = new ArrayList<>(List.of(one.name(), other.name()));
        names.sort(null);
        return new RouteConflictException("services " + names.get(0) + " and " + names.get(1) + " both claim "
                + (host.isEmpty() ? "all other hosts" : "host " + host) + " with path prefix " + prefix
                + " (give one of them another host or path prefix)");
    }

    /**
     * Finds the route of a request. Allocates nothing, unless the host has to be decoded, such as an IPv6 address, or the path
     * has percent-encoding in lower case.
     *
     * @param authority the host with an optional port, as the client sent it
     * @param requestTarget path and query, as the client sent them
     * @return the route, or null if the host is malformed or no service has this host and path
     */
    public @Nullable Route find(String authority, String requestTarget) {
        int pathEnd = RawPath.end(requestTarget);
        return findPath(authority, RawPath.withUpperCaseEncoding(requestTarget, pathEnd), pathEnd);
    }

    /**
     * Tells whether an origin, or another proxy, could read the path as one of another route, or as one outside the
     * prefix of this one. Such a request is refused, since what protects one route could be passed by on another. So is one
     * of more than 8 KiB that has several readings at all.
     *
     * @param authority the host with an optional port, as the client sent it
     * @param requestTarget path and query, as the client sent them
     * @param route what {@link #find} has returned for them
     * @return true if the request must be refused
     */
    public boolean crossesBoundary(String authority, String requestTarget, Route route) {
        int pathEnd = RawPath.end(requestTarget);
        if (!RawPath.isAmbiguous(requestTarget, pathEnd)) {
            return false;
        }
        if (pathEnd > MAX_AMBIGUOUS_LENGTH) {
            return true;
        }
        String path = RawPath.withUpperCaseEncoding(requestTarget.substring(0, pathEnd));
        for (int liberties = 0; liberties < PathReading.COUNT; liberties++) {
            PathReading reading = PathReading.of(path, liberties, route.prefix());
            if (reading.climbsAbovePrefix()) {
                return true;
            }
            String normalPath = reading.normalPath();
            Route readAs = findPath(authority, normalPath, normalPath.length());
            if (readAs == null || !readAs.isSameAs(route)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Route findPath(String authority, String path, int pathEnd) {
        int hostEnd = HostName.end(authority);
        long hashes = hostEnd < 0 ? HostHashes.NOT_PLAIN : HostHashes.ofPlainName(authority, hostEnd);
        if (hashes != HostHashes.NOT_PLAIN) {
            return findPath(authority, hostEnd, hashes, path, pathEnd);
        }
        String host = HostName.fromAuthority(authority);
        return host == null ? null : findPath(host, host.length(), HostHashes.ofNormalHost(host), path, pathEnd);
    }

    /** An IPv6 address has no labels, and no wildcard ends in one of the numbers of an IPv4 address. */
    private @Nullable Route findPath(String host, int hostEnd, long hashes, String path, int pathEnd) {
        PrefixTable exact = exactHosts.find(host, 0, hostEnd, HostHashes.whole(hashes));
        Route route = exact == null ? null : exact.find(path, pathEnd);
        if (route != null || (exact != null && !pathMissFallsThrough)) {
            return route;
        }
        int parent = host.indexOf('.') + 1;
        PrefixTable wildcard = wildcardHosts.find(host, parent, hostEnd, HostHashes.parent(hashes));
        route = wildcard == null ? null : wildcard.find(path, pathEnd);
        if (route != null || (wildcard != null && !pathMissFallsThrough)) {
            return route;
        }
        return allHosts.find(path, pathEnd);
    }
}
