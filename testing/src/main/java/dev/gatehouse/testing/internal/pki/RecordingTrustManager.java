package dev.gatehouse.testing.internal.pki;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Remembers the chain that a server showed, then asks another trust manager, or accepts it when there is none. */
public final class RecordingTrustManager extends X509ExtendedTrustManager {
    private final @Nullable X509ExtendedTrustManager delegate;
    private volatile List<X509Certificate> shown = List.of();

    /**
     * Makes a trust manager for one handshake.
     *
     * @param delegate who decides; null accepts everything
     */
    public RecordingTrustManager(@Nullable X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    /** {@return what the server showed, empty before it did} */
    public List<X509Certificate> shown() {
        return shown;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        shown = List.of(chain);
        if (delegate != null) {
            delegate.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        shown = List.of(chain);
        if (delegate != null) {
            delegate.checkServerTrusted(chain, authType, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        shown = List.of(chain);
        if (delegate != null) {
            delegate.checkServerTrusted(chain, authType, engine);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw refused();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw refused();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw refused();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static CertificateException refused() {
        return new CertificateException("A probe is a client: it judges no clients.");
    }
}
