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

    private final Map<String, PrefixTable> exactHosts = new HashMap<>();
    private final Map<String, PrefixTable> wildcardHosts = new HashMap<>();
    private final PrefixTable allHosts;
    private final boolean pathMissFallsThrough;

    private RouteTable(Map<String, Map<String, Route>> routesByHost, boolean pathMissFallsThrough) {
        this.pathMissFallsThrough = pathMissFallsThrough;
        PrefixTable catchAll = NO_ROUTES;
        for (Map.Entry<String, Map<String, Route>> entry : routesByHost.entrySet()) {
            String host = entry.getKey();
            PrefixTable prefixes = new PrefixTable(entry.getValue().values());
            if (host.isEmpty()) {
                catchAll = prefixes;
            } else if (host.startsWith("*.")) {
                wildcardHosts.put(host.substring(2), prefixes);
            } else {
                exactHosts.put(host, prefixes);
            }
        }
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
     * Finds the route of a request.
     *
     * @param host the host in its normal form
     * @param requestTarget path and query, as the client sent them
     * @return the route, or null if no service has this host and path
     */
    public @Nullable Route find(String host, String requestTarget) {
        return findPath(host, RawPath.withUpperCaseEncoding(RawPath.of(requestTarget)));
    }

    /**
     * Tells whether an origin, or another proxy, could read the path as one of another route, or as one outside the
     * prefix of this one. Such a request is refused, since what protects one route could be passed by on another. So is one
     * of more than 8 KiB that has several readings at all.
     *
     * @param host the host in its normal form
     * @param requestTarget path and query, as the client sent them
     * @param route what {@link #find} has returned for them
     * @return true if the request must be refused
     */
    public boolean crossesBoundary(String host, String requestTarget, Route route) {
        String path = RawPath.withUpperCaseEncoding(RawPath.of(requestTarget));
        if (!RawPath.isAmbiguous(path)) {
            return false;
        }
        if (path.length() > MAX_AMBIGUOUS_LENGTH) {
            return true;
        }
        for (int liberties = 0; liberties < PathReading.COUNT; liberties++) {
            PathReading reading = PathReading.of(path, liberties, route.prefix());
            if (reading.climbsAbovePrefix()) {
                return true;
            }
            Route readAs = findPath(host, reading.normalPath());
            if (readAs == null || !readAs.isSameAs(route)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Route findPath(String host, String path) {
        PrefixTable exact = exactHosts.get(host);
        Route route = exact == null ? null : exact.find(path);
        if (route != null || (exact != null && !pathMissFallsThrough)) {
            return route;
        }
        PrefixTable wildcard = wildcardHosts.isEmpty() ? null : wildcardHosts.get(afterFirstLabel(host));
        route = wildcard == null ? null : wildcard.find(path);
        if (route != null || (wildcard != null && !pathMissFallsThrough)) {
            return route;
        }
        return allHosts.find(path);
    }

    /** An IPv6 address has no labels, and no wildcard ends in one of the numbers of an IPv4 address. */
    private static String afterFirstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? "" : host.substring(dot + 1);
    }
}
