package dev.gatehouse.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Makes the contexts of a JSSE provider. JSSE has settings that are system properties only, read at the moment in which a
 * context is made; they are set for that moment, so that one server's choice is not that of the whole JVM. A property that
 * the operator has set is left as it is.
 */
final class JsseContexts {

    static final String SESSION_TICKETS = "jdk.tls.server.enableSessionTicketExtension";
    static final String OCSP_STAPLING = "jdk.tls.server.enableStatusRequestExtension";

    /** One context at a time, so that nobody restores what another one is reading. */
    private static final Object PROPERTIES = new Object();

    private final Provider provider;
    private final boolean ocspStapling;
    private final Duration sessionLifetime;
    private final int sessionCacheSize;

    JsseContexts(Provider provider, boolean ocspStapling, Duration sessionLifetime, int sessionCacheSize) {
        this.provider = provider;
        this.ocspStapling = ocspStapling;
        this.sessionLifetime = sessionLifetime;
        this.sessionCacheSize = sessionCacheSize;
    }

    /** The same for the JDK's own provider. */
    JsseContexts ofJdk() {
        return new JsseContexts(JsseProviders.ofJdk(), ocspStapling, sessionLifetime, sessionCacheSize);
    }

    /**
     * @param sessionTickets whether clients keep their sessions, in tickets. The JDK needs to know the server name before
     *     it reads one (JDK 25 checks the certificate then), so without a gate the server keeps the sessions
     */
    SSLContext context(KeyManager keyManager, ClientAuthentication clients, boolean sessionTickets) {
        try {
            SSLContext context = instance(Map.of(
                    SESSION_TICKETS, String.valueOf(sessionTickets), OCSP_STAPLING, String.valueOf(ocspStapling)));
            TrustManager trust = clients.trust().isPresent() ? clients.trust().get() : new NoClientsTrusted();
            context.init(new KeyManager[] {keyManager}, new TrustManager[] {trust}, null);
            SessionResumption.limit(context, sessionLifetime, sessionCacheSize);
            return context;
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException(
                    "The provider " + provider.getName() + " cannot make a TLS context. Choose another provider.",
                    noTls);
        }
    }

    private SSLContext instance(Map<String, String> settings) throws GeneralSecurityException {
        synchronized (PROPERTIES) {
            Map<String, String> set = new HashMap<>(settings);
            set.keySet().removeIf(property -> System.getProperty(property) != null);
            set.forEach(System::setProperty);
            try {
                return SSLContext.getInstance("TLS", provider);
            } finally {
                set.keySet().forEach(System::clearProperty);
            }
        }
    }
}
