package dev.gatehouse.routing.internal.table;

/**
 * The host of a route: an exact host, or a wildcard whose star is the whole left-most label and stands for exactly one.
 *
 * @param isWildcard whether the left-most label is a star
 * @param name the exact host, or what follows {@code *.}
 */
public record HostPattern(boolean isWildcard, String name) {

    /**
     * Reads a host of a route.
     *
     * @param text an exact host, or {@code *.} and a name
     * @return the pattern
     * @throws IllegalArgumentException if it is neither
     */
    public static HostPattern parse(String text) {
        boolean wildcard = text.startsWith("*.");
        String name = HostName.normalize(wildcard ? text.substring(2) : text);
        if (name == null || (wildcard && isAddress(name))) {
            throw new IllegalArgumentException("host \"" + text + "\": " + problem(text));
        }
        return new HostPattern(wildcard, name);
    }

    private static String problem(String text) {
        if (text.equals("*") || text.isEmpty()) {
            return "not a host (for a service that gets all other hosts, give it no host)";
        }
        if (text.indexOf('*') >= 0) {
            return "a star stands for one whole label at the left of a name, such as *.example.com";
        }
        if (text.contains("/")) {
            return "a host has no scheme and no path (write example.com)";
        }
        return "not a host name or IP address (write it without a port, an IPv6 address in brackets)";
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || HostName.isIpv4(name);
    }

    /** {@return the pattern as it is written, in its normal form} */
    @Override
    public String toString() {
        return isWildcard ? "*." + name : name;
    }
}
