package dev.gatehouse.testing.internal.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows one chain and signs with one key, whether or not they fit together. Immutable and thread safe. */
public final class FixedKeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "fixed";

    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;

    /**
     * Makes a key manager.
     *
     * @param privateKey what it signs with
     * @param chain what it shows, in this order
     */
    public FixedKeyManager(PrivateKey privateKey, List<X509Certificate> chain) {
        this.privateKey = privateKey;
        this.chain = List.copyOf(chain);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        for (String keyType : keyTypes) {
            if (aliasFor(keyType) != null) {
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return privateKey;
    }

    private @Nullable String aliasFor(String keyType) {
        String algorithm = privateKey.getAlgorithm();
        return keyType.equals(algorithm)
                        || keyType.startsWith(algorithm + "_")
                        || (keyType.equals("EdDSA") && algorithm.equals("Ed25519"))
                ? ALIAS
                : null;
    }
}
