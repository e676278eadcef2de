package dev.gatehouse.testing.internal.pki;

import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes contexts for servers that have one credential and no choice. */
public final class ServerContexts {

    private ServerContexts() {}

    /** {@return a new context that shows this credential whatever name is asked for} */
    public static SSLContext of(Credential credential) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            X509Certificate[] chain = credential.chain().toArray(X509Certificate[]::new);
            store.setKeyEntry("server", credential.privateKey(), new char[0], chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot make a TLS context of " + credential + ".", e);
        }
    }
}
