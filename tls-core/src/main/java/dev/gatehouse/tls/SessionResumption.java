package dev.gatehouse.tls;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;

/** Bounds what a context remembers of earlier sessions. */
final class SessionResumption {

    private SessionResumption() {}

    static void limit(SSLContext context, Duration lifetime, int cacheSize) {
        SSLSessionContext sessions = context.getServerSessionContext();
        if (sessions != null) {
            sessions.setSessionTimeout(Math.toIntExact(lifetime.toSeconds()));
            sessions.setSessionCacheSize(cacheSize);
        }
    }
}
