package dev.gatehouse.routing.internal.table;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Brings the host of a request, a route or a target into the one form in which hosts are compared: lower case, A-labels,
 * no port, no trailing dot; an IPv6 address in brackets and in the canonical form of RFC 5952.
 */
public final class HostName {

    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;

    private HostName() {}

    /**
     * Takes the host out of an authority, which is a {@code Host} field or an {@code :authority}.
     *
     * @param authority host and optional port, as a client sent it
     * @return the host in its normal form, or null if it is not one
     */
    public static @Nullable String fromAuthority(String authority) {
        int end = end(authority);
        if (end < 0) {
            return null;
        }
        return normalize(end == authority.length() ? authority : authority.substring(0, end));
    }

    /** Where the host ends in an authority: before the port, or where the text ends. -1 if what follows is not a port. */
    static int end(String authority) {
        int digits = authority.length();
        while (digits > 0 && isDigit(authority.charAt(digits - 1))) {
            digits--;
        }
        if (digits == 0 || authority.charAt(digits - 1) != ':') {
            return authority.length();
        }
        return isPort(authority, digits) ? digits - 1 : -1;
    }

    /**
     * Brings a host into its normal form.
     *
     * @param host a name or an IP address, without port; an IPv6 address in brackets
     * @return the normal form, or null if it is not a host
     */
    public static @Nullable String normalize(String host) {
        if (host.startsWith("[")) {
            return Ipv6.normalize(host);
        }
        String name = isAscii(host) ? host : toAsciiLabels(host);
        if (name == null) {
            return null;
        }
        String withoutDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String lowered = lowerCase(withoutDot);
        return isName(lowered) ? lowered : null;
    }

    /** An empty port is allowed (RFC 3986, section 3.2.3). */
    private static boolean isPort(String authority, int digits) {
        int port = 0;
        for (int i = digits; i < authority.length(); i++) {
            port = port * 10 + authority.charAt(i) - '0';
            if (port > 65535) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String toAsciiLabels(String host) {
        if (host.length() > MAX_LENGTH) {
            return null;
        }
        try {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException notAnInternationalizedName) {
            return null;
        }
    }

    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }

    /** Labels of letters, digits, hyphens and, as hosts in private networks have them, underscores. */
    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (!isNameCharacter(c) || ++label > MAX_LABEL_LENGTH) {
                return false;
            }
        }
        return label > 0 && (!endsInNumber(name) || isIpv4(name));
    }

    private static boolean endsInNumber(String name) {
        for (int i = name.length() - 1; i >= 0 && name.charAt(i) != '.'; i--) {
            if (!isDigit(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether a host is an IPv4 address: four decimal numbers, without the octal and shortened spellings that some
     * systems know.
     *
     * @param host a host in its normal form
     * @return true if it is
     */
    public static boolean isIpv4(String host) {
        int numbers = 1;
        int number = -1;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' && number >= 0) {
                numbers++;
                number = -1;
            } else if (isDigit(c) && number != 0) {
                number = Math.max(number, 0) * 10 + c - '0';
            } else {
                return false;
            }
            if (number > 255) {
                return false;
            }
        }
        return numbers == 4 && number >= 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
