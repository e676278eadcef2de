package dev.gatehouse.acme;

import dev.gatehouse.tls.ServerName;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The question to an {@link IssuancePermission}.
 *
 * @param name the server name that a client asks for
 * @param clientAddress where the client is, if the server has told
 */
public record PermissionRequest(ServerName name, Optional<InetAddress> clientAddress) {

    /**
     * Asks for a name without saying on whose behalf.
     *
     * @param name the server name
     * @return the question
     */
    public static PermissionRequest of(ServerName name) {
        return new PermissionRequest(name, Optional.empty());
    }

    /**
     * Asks for a name on behalf of a client.
     *
     * @param name the server name that the client asks for
     * @param clientAddress where the client is
     * @return the question
     */
    public static PermissionRequest of(ServerName name, InetAddress clientAddress) {
        return new PermissionRequest(name, Optional.of(clientAddress));
    }
}
