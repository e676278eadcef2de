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
public record PermissionRequest(ServerName name, Optional<InetAddress> clientAddress) {}
