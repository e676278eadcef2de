package dev.gatehouse.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whether clients show a certificate of their own (mutual TLS), and which ones are trusted.
 *
 * <p>Immutable and safe for use by several threads. Two are equal if they ask for the same in the same way, with the same
 * trust manager.
 */
public final class ClientAuthentication {

    private static final ClientAuthentication NONE = new ClientAuthentication(Mode.NONE, null);

    /** How strictly a certificate is asked for. */
    public enum Mode {
        /** Not asked for. */
        NONE,
        /** Asked for; a client without one is served, one with a certificate that is not trusted is refused. */
        OPTIONAL,
        /** Asked for; a client without one that is trusted is refused. */
        REQUIRED
    }

    private final Mode mode;
    private final @Nullable X509TrustManager trust;

    private ClientAuthentication(Mode mode, @Nullable X509TrustManager trust) {
        this.mode = mode;
        this.trust = trust;
    }

    /** {@return the setting that clients are not asked; the default} */
    public static ClientAuthentication none() {
        return NONE;
    }

    /**
     * Asks for a certificate, and serves clients that have none.
     *
     * @param authorities the certificates of the authorities that issue to clients
     * @return the setting
     */
    public static ClientAuthentication optional(Collection<X509Certificate> authorities) {
        return optional(trusting(authorities));
    }

    /**
     * Asks for a certificate, and serves clients that have none.
     *
     * @param trust decides which certificates are trusted, such as one that checks revocation
     * @return the setting
     */
    public static ClientAuthentication optional(X509TrustManager trust) {
        return new ClientAuthentication(Mode.OPTIONAL, trust);
    }

    /**
     * Serves clients with a trusted certificate only.
     *
     * @param authorities the certificates of the authorities that issue to clients
     * @return the setting
     */
    public static ClientAuthentication required(Collection<X509Certificate> authorities) {
        return required(trusting(authorities));
    }

    /**
     * Serves clients with a trusted certificate only.
     *
     * @param trust decides which certificates are trusted, such as one that checks revocation
     * @return the setting
     */
    public static ClientAuthentication required(X509TrustManager trust) {
        return new ClientAuthentication(Mode.REQUIRED, trust);
    }

    private static X509TrustManager trusting(Collection<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("authorities: none given, so no client could be trusted."
                    + " Name the certificates of the authorities that issue to clients.");
        }
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            for (X509Certificate authority : authorities) {
                anchors.setCertificateEntry("authority-" + anchors.size(), authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(anchors);
            return firstOf(factory.getTrustManagers());
        } catch (GeneralSecurityException | IOException noTrust) {
            throw new IllegalStateException("The JVM cannot make a trust manager. Check java.security.", noTrust);
        }
    }

    private static X509TrustManager firstOf(TrustManager[] managers) {
        for (TrustManager manager : managers) {
            if (manager instanceof X509TrustManager trust) {
                return trust;
            }
        }
        throw new IllegalStateException("The JVM has no trust manager for X.509. Check java.security.");
    }

    /** {@return how strictly a certificate is asked for} */
    public Mode mode() {
        return mode;
    }

    Optional<X509TrustManager> trust() {
        return Optional.ofNullable(trust);
    }

    /** {@return true if the other asks for the same in the same way, with the same trust manager} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientAuthentication that && mode == that.mode && trust == that.trust;
    }

    @Override
    public int hashCode() {
        return 31 * mode.hashCode() + System.identityHashCode(trust);
    }

    /** {@return the mode} */
    @Override
    public String toString() {
        return mode.toString();
    }
}
