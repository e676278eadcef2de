package dev.gatehouse.routing;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads the text forms of a {@link Target}, and says what to write in place of another one. */
final class TargetReader {

    private static final String UNIX = "unix:";
    private static final String FORMS = "host:port, http://, https://, h2c://, h2:// or unix:/path";

    private TargetReader() {}

    static Target read(String text) {
        if (text.startsWith(UNIX)) {
            return unixSocket(text.substring(UNIX.length()));
        }
        if (text.startsWith("/")) {
            throw refused(text, "is a path (write unix:" + text + " for a Unix domain socket)");
        }
        int colon = text.indexOf("://");
        return colon < 0 ? clear(text, text) : url(text, text.substring(0, colon), text.substring(colon + 3));
    }

    private static Target unixSocket(String path) {
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw refused(UNIX + path, "has no absolute path (write unix:/path/to/socket)");
        }
        try {
            return Target.ofUnixSocket(Path.of(path));
        } catch (InvalidPathException invalid) {
            throw refused(UNIX + path, "is not a path (" + invalid.getReason() + "; write unix:/path/to/socket)");
        }
    }

    private static Target url(String text, String writtenScheme, String rest) {
        String scheme = writtenScheme.toLowerCase(Locale.ROOT);
        String authority = authority(scheme, rest);
        return switch (scheme) {
            case "http" -> clear(text, authority);
            case "https" -> overTls(text, authority, OriginProtocol.HTTP_1_1);
            case "h2c" -> {
                Target address = clear(text, authority);
                yield new Target(address.host(), address.port(), OriginProtocol.HTTP_2, null);
            }
            case "h2" -> overTls(text, authority, OriginProtocol.HTTP_2);
            case "ws" -> throw refused(text, "WebSockets go where other requests go (write http://" + authority + ")");
            case "wss" ->
                throw refused(text, "WebSockets go where other requests go (write https://" + authority + ")");
            default -> throw refused(text, "unknown scheme \"" + writtenScheme + "\" (write " + FORMS + ")");
        };
    }

    /** The host and the port, if nothing else is there. */
    private static String authority(String scheme, String rest) {
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(0, end);
        int userInfo = authority.lastIndexOf('@');
        if (userInfo >= 0) {
            throw refused(
                    scheme + "://...@" + authority.substring(userInfo + 1),
                    "has a user name (write " + scheme + "://" + authority.substring(userInfo + 1)
                            + "; a target gets the credentials of its clients only)");
        }
        if (end < rest.length()) {
            String part = rest.charAt(end) == '/' ? "path" : rest.charAt(end) == '?' ? "query" : "fragment";
            throw refused(
                    scheme + "://" + rest,
                    "has a " + part + " (write " + scheme + "://" + authority
                            + "; the target gets the path of each request)");
        }
        return authority;
    }

    private static Target clear(String text, String hostAndPort) {
        return address(text, hostAndPort, 80);
    }

    private static Target overTls(String text, String hostAndPort, OriginProtocol protocol) {
        Target address = address(text, hostAndPort, 443);
        return new Target(address.host(), address.port(), protocol, OriginTls.systemTrust());
    }

    private static Target address(String text, String hostAndPort, int defaultPort) {
        int colon = portColon(text, hostAndPort);
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        return Target.of(host, colon < 0 ? defaultPort : port(text, hostAndPort.substring(colon + 1)));
    }

    /** The colon before the port, which is not one of those inside an IPv6 address; -1 if there is none. */
    private static int portColon(String text, String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean bracketed = hostAndPort.startsWith("[");
        if (!bracketed && colon != hostAndPort.indexOf(':')) {
            throw refused(text, "several colons (write an IPv6 address in brackets, such as [::1]:3000)");
        }
        return bracketed && colon < hostAndPort.indexOf(']') ? -1 : colon;
    }

    private static int port(String text, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refused(text, "port \"" + digits + "\" (expected: a number from 1 to 65535)");
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException refused(String text, String problem) {
        return new IllegalArgumentException("target " + text + ": " + problem);
    }
}
