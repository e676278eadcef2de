package dev.gatehouse.benchmarks.proxy;

import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Where a proxy listens and what is behind it; all on the loopback address.
 *
 * @param httpPort where it listens without TLS
 * @param httpsPort where it listens with TLS
 * @param originPort the origin that answers
 * @param silentPort the origin for {@link #SILENT_PATH}, which never answers
 * @param chain the certificate for localhost
 * @param privateKey its key
 */
record Setup(int httpPort, int httpsPort, int originPort, int silentPort, Path chain, Path privateKey) {

    static final String ADDRESS = "127.0.0.1";

    /** Requests with this host in plain HTTP are passed on as they come. */
    static final String PLAIN_HOST = "plain.test";

    /** Requests with this host in plain HTTP are buffered. */
    static final String BUFFERED_HOST = "buffered.test";

    /** Requests with this host come over TLS. */
    static final String TLS_HOST = "localhost";

    static final String SILENT_PATH = "/silent";

    static Setup of(String[] arguments) {
        if (arguments.length != 6) {
            throw new IllegalArgumentException(
                    "Arguments: HTTP port, HTTPS port, origin port, port of the silent origin, chain, private key");
        }
        return new Setup(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Path.of(arguments[4]),
                Path.of(arguments[5]));
    }

    /** What a server without Gatehouse uses: the JDK's own TLS with one certificate. */
    SSLContext tls() throws GeneralSecurityException, IOException {
        char[] password = {};
        PrivateKey key = Pem.privateKey(Files.readString(privateKey));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry(
                "localhost",
                key,
                password,
                Pem.certificates(Files.readString(chain)).toArray(Certificate[]::new));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }
}
