package dev.gatehouse.undertow;

import dev.gatehouse.tls.TlsGate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The context of a listener behind a gate, whose engines are {@link GateEngine}s. */
final class GateContext {

    private GateContext() {}

    static SSLContext of(TlsGate gate) {
        SSLContext bare = contextWithoutKeys();
        SSLEngine placeholder = bare.createSSLEngine();
        placeholder.setUseClientMode(false);
        return EngineContext.around(bare, (host, port) -> new GateEngine(gate, placeholder, clientAddress(host), port));
    }

    private static SSLContext contextWithoutKeys() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException("The JVM has no JSSE provider with TLS. Check java.security.", noTls);
        }
    }

    /** Undertow gives the address in its textual form, so that nothing has to be looked up. */
    private static InetAddress clientAddress(@Nullable String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException noAddress) {
            throw new IllegalStateException("Undertow gave '" + host + "' as the address of a client.", noAddress);
        }
    }
}
