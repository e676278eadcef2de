package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.tls.TlsFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Why a target could not be connected to, for a log line.
 *
 * @param problem begins with the target
 * @param remedy what to do
 */
record ConnectFailure(String problem, String remedy) {

    static ConnectFailure of(Target target, IOException cause) {
        TlsFailure tls = TlsFailure.of(cause);
        if (tls != null) {
            return new ConnectFailure(target + " " + tls.problem(), tls.remedy());
        }
        Path socket = target.socketPath();
        if (socket != null) {
            return ofSocket(target, socket, cause);
        }
        if (cause instanceof ConnectException) {
            return new ConnectFailure(target + " refused the connection", "Start the target, or correct its address");
        }
        return new ConnectFailure(
                target + " cannot be reached (" + cause.getMessage() + ")", "Correct its address, or the network");
    }

    /** The messages of the system are looked at last, since they differ. */
    private static ConnectFailure ofSocket(Target target, Path socket, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        if (Files.notExists(socket)) {
            return new ConnectFailure(target + " is not there", "Start the target, or correct the path of its socket");
        }
        if (message.contains("Permission denied") || !Files.isWritable(socket)) {
            return new ConnectFailure(
                    target + " may not be opened by this process",
                    "Let its user write to the socket and enter the folders above it");
        }
        if (cause instanceof ConnectException) {
            return new ConnectFailure(
                    target + " refused the connection: nobody listens there, though the file exists",
                    "Start the target");
        }
        return new ConnectFailure(target + " cannot be reached (" + message + ")", "See whether it is a socket");
    }
}
