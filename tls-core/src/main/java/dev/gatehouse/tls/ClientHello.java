package dev.gatehouse.tls;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says at the start of a handshake, as far as it matters for the choice of a certificate.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ClientHello {

    private final @Nullable ServerName serverName;
    private final List<String> applicationProtocols;
    private final List<String> signatureAlgorithms;
    private final @Nullable InetAddress clientAddress;

    private ClientHello(Builder builder) {
        this.serverName = builder.serverName;
        this.applicationProtocols = builder.applicationProtocols;
        this.signatureAlgorithms = builder.signatureAlgorithms;
        this.clientAddress = builder.clientAddress;
    }

    /**
     * Makes a hello that asks for a name and says nothing else.
     *
     * @param serverName the requested server name
     * @return the hello
     */
    public static ClientHello of(ServerName serverName) {
        return builder().serverName(serverName).build();
    }

    /** {@return a builder of a hello without a server name} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the requested server name; empty if it is missing (RFC 6066)} */
    public Optional<ServerName> serverName() {
        return Optional.ofNullable(serverName);
    }

    /** {@return the application protocols that the client offers (ALPN, RFC 7301), empty if none or not known} */
    public List<String> applicationProtocols() {
        return applicationProtocols;
    }

    /**
     * {@return the signature algorithms that the client can verify, in its order of preference and by their JSSE names,
     * such as {@code SHA256withECDSA}; empty if not known, which counts as all}
     */
    public List<String> signatureAlgorithms() {
        return signatureAlgorithms;
    }

    /** {@return the address of the client, if the caller knows it} */
    public Optional<InetAddress> clientAddress() {
        return Optional.ofNullable(clientAddress);
    }

    /**
     * Tells whether the client can verify signatures of a credential's key.
     *
     * @param credential the credential
     * @return true if it can, or if its algorithms are not known
     */
    public boolean canVerify(Credential credential) {
        return credential.keyType().isVerifiableWith(signatureAlgorithms);
    }

    /** The same hello from a client that can verify this key type only, or empty if it cannot. */
    Optional<ClientHello> verifyingOnly(KeyType keyType) {
        List<String> fitting = signatureAlgorithms.isEmpty()
                ? List.of(keyType.signatureAlgorithm())
                : signatureAlgorithms.stream().filter(keyType::fits).toList();
        return fitting.isEmpty()
                ? Optional.empty()
                : Optional.of(toBuilder().signatureAlgorithms(fitting).build());
    }

    private Builder toBuilder() {
        Builder builder = new Builder();
        builder.serverName = serverName;
        builder.applicationProtocols = applicationProtocols;
        builder.signatureAlgorithms = signatureAlgorithms;
        builder.clientAddress = clientAddress;
        return builder;
    }

    /** {@return the server name, or a word for its absence} */
    @Override
    public String toString() {
        return serverName == null ? "(no server name)" : serverName.value();
    }

    /** Collects the parts of a hello. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable ServerName serverName;
        private List<String> applicationProtocols = List.of();
        private List<String> signatureAlgorithms = List.of();
        private @Nullable InetAddress clientAddress;

        private Builder() {}

        /**
         * Sets the requested server name.
         *
         * @param serverName the name
         * @return this builder
         */
        public Builder serverName(ServerName serverName) {
            this.serverName = serverName;
            return this;
        }

        /**
         * Sets the offered application protocols.
         *
         * @param protocols ALPN names
         * @return this builder
         */
        public Builder applicationProtocols(List<String> protocols) {
            this.applicationProtocols = List.copyOf(protocols);
            return this;
        }

        /**
         * Sets the signature algorithms that the client can verify.
         *
         * @param algorithms JSSE names
         * @return this builder
         */
        public Builder signatureAlgorithms(List<String> algorithms) {
            this.signatureAlgorithms = List.copyOf(algorithms);
            return this;
        }

        /**
         * Sets the address of the client.
         *
         * @param address its address
         * @return this builder
         */
        public Builder clientAddress(InetAddress address) {
            this.clientAddress = address;
            return this;
        }

        /** {@return the hello} */
        public ClientHello build() {
            return new ClientHello(this);
        }
    }
}
