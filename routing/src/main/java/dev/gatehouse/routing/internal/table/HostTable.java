package dev.gatehouse.routing.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leads from hosts to their routes: an open hash table that is searched with a part of a longer text. The names lie one after
 * the other in one array, so that a search waits for memory as few times as possible. Immutable.
 */
final class HostTable {

    private static final int MAX_SIZE = 1 << 23;

    /** The hash of a host, and in the lower half where its name begins; zero for an empty slot. At least half of them are. */
    private final long[] slots;

    /** What the host in each slot leads to. */
    private final @Nullable PrefixTable[] routes;

    /** Each name after its length. */
    private final byte[] names;

    private final int shift;

    HostTable(Map<String, PrefixTable> routesByHost) {
        if (routesByHost.size() > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "hosts: there are " + routesByHost.size() + " (share them out among several routers)");
        }
        int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, routesByHost.size()));
        shift = 32 - bits;
        slots = new long[1 << bits];
        routes = new PrefixTable[1 << bits];
        names = new byte
                [routesByHost.keySet().stream()
                        .mapToInt(name -> name.length() + 1)
                        .sum()];
        int begin = 0;
        for (Map.Entry<String, PrefixTable> entry : routesByHost.entrySet()) {
            put(entry.getKey(), begin, entry.getValue());
            begin += entry.getKey().length() + 1;
        }
    }

    private void put(String host, int begin, PrefixTable prefixes) {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        names[begin] = (byte) name.length;
        System.arraycopy(name, 0, names, begin + 1, name.length);
        int hash = HostHashes.whole(HostHashes.ofNormalHost(host));
        int slot = hash >>> shift;
        while (slots[slot] != 0) {
            slot = after(slot);
        }
        slots[slot] = (long) hash << 32 | begin;
        routes[slot] = prefixes;
    }

    /** The routes of the host that stands there in the text, in whatever case; null if there are none. */
    @Nullable
    PrefixTable find(String text, int from, int to, int hash) {
        for (int slot = hash >>> shift; slots[slot] != 0; slot = after(slot)) {
            long found = slots[slot];
            if ((int) (found >>> 32) == hash && isName((int) found, text, from, to)) {
                return routes[slot];
            }
        }
        return null;
    }

    private int after(int slot) {
        return slot + 1 & slots.length - 1;
    }

    private boolean isName(int begin, String text, int from, int to) {
        if ((names[begin] & 0xff) != to - from) {
            return false;
        }
        int name = begin + 1;
        for (int i = from; i < to; i++) {
            if (names[name++] != lowerCase(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
}
