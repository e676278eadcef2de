package dev.gatehouse.routing.internal.table;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host, sorted by prefix. A lookup finds a place in the order by binary search and goes from there along
 * the parents, longest first, until one covers the path.
 */
final class PrefixTable {

    private static final int NONE = -1;

    private final String[] prefixes;
    private final Route[] routes;

    /** For each prefix the longest other one with which it begins, at a segment boundary or not. */
    private final int[] parents;

    /** The route of a host that has only one, for all paths. */
    private final @Nullable Route onlyRoute;

    PrefixTable(Collection<Route> unsorted) {
        routes = unsorted.toArray(Route[]::new);
        Arrays.sort(routes, Comparator.comparing(route -> sortKey(route.prefix())));
        prefixes = new String[routes.length];
        parents = new int[routes.length];
        for (int i = 0; i < routes.length; i++) {
            prefixes[i] = sortKey(routes[i].prefix());
            parents[i] = parentFrom(i - 1, prefixes[i]);
        }
        onlyRoute = routes.length == 1 && prefixes[0].isEmpty() ? routes[0] : null;
    }

    /**
     * Finds the route of a path, which is the text up to its end. Every prefix of the path is also one of the greatest prefix
     * that is not behind the path in the order.
     */
    @Nullable
    Route find(String path, int pathEnd) {
        if (onlyRoute != null) {
            return onlyRoute;
        }
        int candidate = floor(path, pathEnd);
        while (candidate != NONE && !covers(prefixes[candidate], path, pathEnd)) {
            candidate = parents[candidate];
        }
        return candidate == NONE ? null : routes[candidate];
    }

    private int parentFrom(int last, String prefix) {
        int candidate = last;
        while (candidate != NONE && !prefix.startsWith(prefixes[candidate])) {
            candidate = parents[candidate];
        }
        return candidate;
    }

    /** The root prefix is the empty string here, so that every prefix ends where a slash or the end must follow. */
    private static String sortKey(String prefix) {
        return prefix.length() == 1 ? "" : prefix;
    }

    private int floor(String path, int pathEnd) {
        int low = 0;
        int high = prefixes.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (isBehind(prefixes[middle], path, pathEnd)) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return high;
    }

    private static boolean isBehind(String prefix, String path, int pathEnd) {
        int common = Math.min(prefix.length(), pathEnd);
        for (int i = 0; i < common; i++) {
            int difference = prefix.charAt(i) - path.charAt(i);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return prefix.length() > pathEnd;
    }

    private static boolean covers(String prefix, String path, int pathEnd) {
        int length = prefix.length();
        return length <= pathEnd && path.startsWith(prefix) && (length == pathEnd || path.charAt(length) == '/');
    }
}
