package dev.gatehouse.tls;

import dev.gatehouse.tls.InvalidNameException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A name such as {@code *.example.com}: the star is the whole left-most label and stands for exactly one label (RFC 9525,
 * section 6.3). It covers {@code app.example.com}, and neither {@code example.com} nor {@code a.b.example.com}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class WildcardName implements SubjectName {

    private static final String PREFIX = "*.";

    private final ServerName parent;

    private WildcardName(ServerName parent) {
        this.parent = parent;
    }

    /**
     * Reads a wildcard name.
     *
     * @param name {@code *.} and a host name of at least two labels
     * @return the normalised wildcard name
     * @throws InvalidNameException if it is not one
     */
    public static WildcardName of(String name) {
        if (!isWildcard(name) || name.indexOf('*', 1) >= 0) {
            throw new InvalidNameException(name, Reason.MISPLACED_WILDCARD);
        }
        ServerName parent = ServerName.of(name.substring(PREFIX.length()));
        if (parent.isIpAddress() || parent.value().indexOf('.') < 0) {
            throw new InvalidNameException(name, Reason.MISPLACED_WILDCARD);
        }
        return new WildcardName(parent);
    }

    /**
     * Tells whether a string is meant as a wildcard name.
     *
     * @param name any string
     * @return whether it begins with {@code *.}
     */
    public static boolean isWildcard(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * Tells whether the star can stand for the first label of a name.
     *
     * @param name a server name
     * @return true if the name is exactly one label below {@link #parent()}
     */
    @Override
    public boolean covers(ServerName name) {
        int dot = name.value().indexOf('.');
        return !name.isIpAddress()
                && dot > 0
                && name.value().length() - dot - 1 == parent.value().length()
                && name.value().endsWith(parent.value());
    }

    /** {@return the name below which this stands for one label} */
    public ServerName parent() {
        return parent;
    }

    /** {@return the name in its one normal form, such as {@code *.example.com}} */
    @Override
    public String value() {
        return PREFIX + parent.value();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WildcardName that && parent.equals(that.parent);
    }

    @Override
    public int hashCode() {
        return PREFIX.hashCode() ^ parent.hashCode();
    }

    /** {@return the same as {@link #value()}} */
    @Override
    public String toString() {
        return value();
    }
}
