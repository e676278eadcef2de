package dev.gatehouse.compatibility;

import dev.gatehouse.tls.CertificateResolver;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** A server of each stack, with the credentials of all hosts. */
final class TlsServers implements AutoCloseable {

    private final Map<TlsStack, TlsServer> servers = new EnumMap<>(TlsStack.class);

    private TlsServers() {}

    static TlsServers start(CertificateResolver resolver) throws IOException {
        TlsServers servers = new TlsServers();
        for (TlsStack stack : TlsStack.values()) {
            servers.servers.put(stack, stack.start(resolver));
        }
        return servers;
    }

    RawTlsClient client(TlsStack stack, String version) {
        return new RawTlsClient(servers.get(stack).port(), version);
    }

    @Override
    public void close() throws IOException {
        for (TlsServer server : servers.values()) {
            server.close();
        }
    }
}
