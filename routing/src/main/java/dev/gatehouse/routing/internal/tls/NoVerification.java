package dev.gatehouse.routing.internal.tls;

import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Accepts every origin, which protects from nobody but pure listeners. */
final class NoVerification extends OriginTrustManager {

    NoVerification() {
        // has no state
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {
        // accepted
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
