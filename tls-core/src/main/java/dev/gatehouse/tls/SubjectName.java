package dev.gatehouse.tls;

/**
 * A name in a certificate (a subject alternative name): an exact {@link ServerName} or a {@link WildcardName}. The two are
 * types of their own, since clients ask for the one and never for the other; this is what lists of certificates, orders
 * and reports have.
 *
 * <p>Ordered by {@link #value()}. Immutable and safe for use by several threads.
 */
public sealed interface SubjectName extends Comparable<SubjectName> permits ServerName, WildcardName {

    /**
     * Reads a name from configuration or a certificate.
     *
     * @param name what {@link ServerName#of} or {@link WildcardName#of} takes
     * @return a wildcard name if it begins with {@code *.}, else a server name
     * @throws InvalidNameException if it is neither
     */
    static SubjectName of(String name) {
        return WildcardName.isWildcard(name) ? WildcardName.of(name) : ServerName.of(name);
    }

    /** {@return the name in its one normal form} */
    String value();

    /**
     * Tells whether a certificate with this name is good for a server name.
     *
     * @param name the server name
     * @return whether it is the same, or the star stands for its first label
     */
    boolean covers(ServerName name);

    @Override
    default int compareTo(SubjectName other) {
        return value().compareTo(other.value());
    }
}
