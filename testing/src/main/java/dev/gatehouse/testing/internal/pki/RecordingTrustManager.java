package dev.gatehouse.testing.internal.pki;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the chain that a server showed, then asks another trust manager, or accepts it when there is none. Each thread
 * has a memory of its own, because a handshake of an {@code SSLSocket} stays on the thread that began it.
 */
public final class RecordingTrustManager extends X509ExtendedTrustManager {
    private final @Nullable X509ExtendedTrustManager delegate;
    private final ThreadLocal<List<X509Certificate>> shown = ThreadLocal.withInitial(List::of);

    /**
     * Makes a trust manager.
     *
     * @param delegate who decides; null accepts everything
     */
    public RecordingTrustManager(@Nullable X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    /** Forgets what this thread was shown. */
    public void forget() {
        shown.remove();
    }

    /** {@return what the server showed to this thread, empty before it did} */
    public List<X509Certificate> shown() {
        return shown.get();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        shown.set(List.of(chain));
        if (delegate != null) {
            delegate.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        shown.set(List.of(chain));
        if (delegate != null) {
            delegate.checkServerTrusted(chain, authType, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        shown.set(List.of(chain));
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
