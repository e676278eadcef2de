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

    PrefixTable(Collection<Route> unsorted) {
        routes = unsorted.toArray(Route[]::new);
        Arrays.sort(routes, Comparator.comparing(route -> sortKey(route.prefix())));
        prefixes = new String[routes.length];
        parents = new int[routes.length];
        for (int i = 0; i < routes.length; i++) {
            prefixes[i] = sortKey(routes[i].prefix());
            parents[i] = parentFrom(i - 1, prefixes[i]);
        }
    }

    /** Every prefix of the path is also one of the greatest prefix that is not behind the path in the order. */
    @Nullable
    Route find(String path) {
        int candidate = floor(path);
        while (candidate != NONE && !covers(prefixes[candidate], path)) {
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

    private int floor(String path) {
        int index = Arrays.binarySearch(prefixes, path);
        return index >= 0 ? index : -index - 2;
    }

    private static boolean covers(String prefix, String path) {
        int length = prefix.length();
        return path.startsWith(prefix) && (path.length() == length || path.charAt(length) == '/');
    }
}
