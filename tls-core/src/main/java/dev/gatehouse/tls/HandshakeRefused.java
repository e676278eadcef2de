package dev.gatehouse.tls;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The event that a handshake was refused before it led to a connection.
 *
 * @param serverName what the client asked for; empty if it sent no name, or one that is none
 * @param clientAddress where the client is, if that is known
 * @param alert how the client was told; empty if the connection was just closed, as with one that does not speak TLS
 * @param reason what was wrong and what to do, one sentence for people
 */
public record HandshakeRefused(
        Optional<ServerName> serverName,
        Optional<InetAddress> clientAddress,
        Optional<TlsAlert> alert,
        String reason) {}
