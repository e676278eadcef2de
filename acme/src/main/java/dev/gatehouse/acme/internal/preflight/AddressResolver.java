package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up the addresses of a name. May block. */
@FunctionalInterface
public interface AddressResolver {

    /**
     * Looks up A and AAAA records.
     *
     * @throws UnknownHostException if the name has no address
     * @throws IOException if it could not be looked up
     */
    List<InetAddress> resolve(ServerName name) throws IOException;

    /** What the JVM uses. It does not tell a name without address from a resolver that does not work, but for its words. */
    static AddressResolver ofJvm() {
        return name -> {
            try {
                return List.of(InetAddress.getAllByName(name.value()));
            } catch (UnknownHostException failure) {
                if (String.valueOf(failure.getMessage()).contains("Temporary failure")) {
                    throw new IOException("the resolver does not answer", failure);
                }
                throw failure;
            }
        };
    }
}
