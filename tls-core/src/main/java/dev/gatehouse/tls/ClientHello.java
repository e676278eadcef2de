package dev.gatehouse.tls;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says at the start of a handshake, as far as it matters for the choice of a certificate. A
 * {@link ClientHelloReader} reads it from the first bytes of a connection; {@link SniKeyManager} makes a shorter one of what
 * JSSE tells.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ClientHello {

    private static final List<String> ACME_CHALLENGE = List.of("acme-tls/1");

    private final @Nullable ServerName serverName;
    private final InvalidNameException.@Nullable Reason invalidServerName;
    private final Set<TlsVersion> supportedVersions;
    private final TlsCodePoints cipherSuites;
    private final TlsCodePoints supportedGroups;
    private final TlsCodePoints signatureSchemes;
    private final boolean offersResumption;
    private final byte @Nullable [] encodedApplicationProtocols;
    private final @Nullable InetAddress clientAddress;

    /** Decoded when first asked for; all threads make equal ones. The same goes for the names of the algorithms. */
    private @Nullable List<String> applicationProtocols;

    private @Nullable List<String> signatureAlgorithms;

    private ClientHello(Builder builder) {
        this.serverName = builder.serverName;
        this.invalidServerName = builder.invalidServerName;
        this.supportedVersions = builder.supportedVersions;
        this.cipherSuites = builder.cipherSuites;
        this.supportedGroups = builder.supportedGroups;
        this.signatureSchemes = builder.signatureSchemes;
        this.offersResumption = builder.offersResumption;
        this.encodedApplicationProtocols = builder.encodedApplicationProtocols;
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

    /** {@return the requested server name; empty if it is missing (RFC 6066) or invalid} */
    public Optional<ServerName> serverName() {
        return Optional.ofNullable(serverName);
    }

    /** {@return why what the client sent as server name is none; empty if it sent a name, or nothing} */
    public Optional<InvalidNameException.Reason> invalidServerName() {
        return Optional.ofNullable(invalidServerName);
    }

    /**
     * {@return the application protocols that the client offers (ALPN, RFC 7301), empty if none or not known} Each byte is
     * one character (ISO 8859-1), as in JSSE.
     */
    public List<String> applicationProtocols() {
        List<String> protocols = applicationProtocols;
        if (protocols == null) {
            protocols = encodedApplicationProtocols == null ? List.of() : decode(encodedApplicationProtocols);
            applicationProtocols = protocols;
        }
        return protocols;
    }

    /** The bytes are a sequence of names, each behind one byte with its length. */
    private static List<String> decode(byte[] encoded) {
        List<String> protocols = new ArrayList<>();
        for (int i = 0; i < encoded.length; i += 1 + (encoded[i] & 0xff)) {
            protocols.add(new String(encoded, i + 1, encoded[i] & 0xff, StandardCharsets.ISO_8859_1));
        }
        return List.copyOf(protocols);
    }

    /** {@return whether this is a validation connection of an ACME server (RFC 8737), which offers {@code acme-tls/1} only} */
    public boolean isAcmeChallenge() {
        return applicationProtocols().equals(ACME_CHALLENGE);
    }

    /**
     * {@return the signature algorithms that the client can verify, in its order of preference and by their JSSE names,
     * such as {@code SHA256withECDSA}; empty if not known, which counts as all} Algorithms that JSSE has no name for are
     * numbers, such as {@code 0x0904}.
     */
    public List<String> signatureAlgorithms() {
        List<String> algorithms = signatureAlgorithms;
        if (algorithms == null) {
            algorithms = SignatureSchemes.jsseNames(signatureSchemes);
            signatureAlgorithms = algorithms;
        }
        return algorithms;
    }

    /**
     * {@return the signature schemes that the client can verify (RFC 8446, section 4.2.3), empty if not known} For a client
     * of TLS 1.2 that does not say so, these are the ones with SHA-1 (RFC 5246, section 7.4.1.4.1).
     */
    public TlsCodePoints signatureSchemes() {
        return signatureSchemes;
    }

    /** {@return the versions that the client speaks; empty if only older ones. All, if it is not known} */
    public Set<TlsVersion> supportedVersions() {
        return supportedVersions;
    }

    /**
     * Tells whether the client speaks a version.
     *
     * @param version the version
     * @return true if it does, or if it is not known
     */
    public boolean supports(TlsVersion version) {
        return supportedVersions.contains(version);
    }

    /** {@return the latest version that the client speaks; empty if it speaks only versions before TLS 1.2} */
    public Optional<TlsVersion> highestVersion() {
        return TlsVersion.highestOf(supportedVersions);
    }

    /** {@return the cipher suites that the client offers, empty if not known} */
    public TlsCodePoints cipherSuites() {
        return cipherSuites;
    }

    /** {@return the groups for key exchange that the client supports, empty if it does not say or they are not known} */
    public TlsCodePoints supportedGroups() {
        return supportedGroups;
    }

    /**
     * Tells whether the client asks to resume an earlier session: by a pre-shared key or ticket, or, if it does not speak
     * TLS 1.3, by a session id. A handshake that resumes needs no certificate, but the server may decline.
     *
     * @return whether it does; false if it is not known
     */
    public boolean offersResumption() {
        return offersResumption;
    }

    /** {@return the address of the client, if the caller knows it} */
    public Optional<InetAddress> clientAddress() {
        return Optional.ofNullable(clientAddress);
    }

    /**
     * Adds where the client is.
     *
     * @param address its address
     * @return the same hello from that address
     */
    public ClientHello withClientAddress(InetAddress address) {
        return toBuilder().clientAddress(address).build();
    }

    /**
     * Tells whether the client can verify signatures of a credential's key. If it does not speak TLS 1.3, its cipher suites
     * have to allow for such keys as well.
     *
     * @param credential the credential
     * @return true if it can, or if its algorithms are not known
     */
    public boolean canVerify(Credential credential) {
        return canVerify(credential.keyType());
    }

    boolean canVerify(KeyType keyType) {
        return signaturesAllow(keyType) && cipherSuitesAllow(keyType);
    }

    private boolean signaturesAllow(KeyType keyType) {
        List<String> named = signatureAlgorithms;
        if (named != null) {
            return keyType.isVerifiableWith(named);
        }
        return signatureSchemes.isEmpty() || SignatureSchemes.areForKeysOf(keyType, signatureSchemes);
    }

    private boolean cipherSuitesAllow(KeyType keyType) {
        return supportedVersions.contains(TlsVersion.TLS_1_3)
                || cipherSuites.isEmpty()
                || CipherSuiteAuthentication.isPossible(cipherSuites, keyType);
    }

    /** The same hello from a client that can verify this key type only, or empty if it cannot. */
    Optional<ClientHello> verifyingOnly(KeyType keyType) {
        List<String> fitting = signatureAlgorithms().isEmpty()
                ? List.of(keyType.signatureAlgorithm())
                : signatureAlgorithms().stream().filter(keyType::fits).toList();
        if (fitting.isEmpty() || !cipherSuitesAllow(keyType)) {
            return Optional.empty();
        }
        Builder restricted = toBuilder();
        restricted.signatureSchemes = TlsCodePoints.none();
        restricted.signatureAlgorithms = fitting;
        return Optional.of(restricted.build());
    }

    private Builder toBuilder() {
        Builder builder = new Builder();
        builder.serverName = serverName;
        builder.invalidServerName = invalidServerName;
        builder.supportedVersions = supportedVersions;
        builder.cipherSuites = cipherSuites;
        builder.supportedGroups = supportedGroups;
        builder.signatureSchemes = signatureSchemes;
        builder.offersResumption = offersResumption;
        builder.encodedApplicationProtocols = encodedApplicationProtocols;
        builder.applicationProtocols = applicationProtocols;
        builder.signatureAlgorithms = signatureAlgorithms;
        builder.clientAddress = clientAddress;
        return builder;
    }

    /** {@return the server name, or a word for its absence} */
    @Override
    public String toString() {
        if (serverName == null) {
            return invalidServerName == null ? "(no server name)" : "(invalid server name)";
        }
        return serverName.value();
    }

    /** Collects the parts of a hello. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable ServerName serverName;
        private InvalidNameException.@Nullable Reason invalidServerName;
        private Set<TlsVersion> supportedVersions = TlsVersion.setOf(true, true);
        private TlsCodePoints cipherSuites = TlsCodePoints.none();
        private TlsCodePoints supportedGroups = TlsCodePoints.none();
        private TlsCodePoints signatureSchemes = TlsCodePoints.none();
        private boolean offersResumption;
        private byte @Nullable [] encodedApplicationProtocols;
        private @Nullable List<String> applicationProtocols;
        private @Nullable List<String> signatureAlgorithms;
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

        Builder invalidServerName(InvalidNameException.Reason reason) {
            this.invalidServerName = reason;
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

        Builder encodedApplicationProtocols(byte[] encoded) {
            this.encodedApplicationProtocols = encoded;
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
         * Sets the signature schemes that the client can verify; the names of the algorithms follow from them, unless they
         * are set as well.
         *
         * @param schemes code points of TLS
         * @return this builder
         */
        public Builder signatureSchemes(TlsCodePoints schemes) {
            this.signatureSchemes = schemes;
            return this;
        }

        /**
         * Sets the versions that the client speaks. Without this it is not known, which counts as all.
         *
         * @param versions the versions; none for a client of older versions only
         * @return this builder
         */
        public Builder supportedVersions(Set<TlsVersion> versions) {
            this.supportedVersions =
                    TlsVersion.setOf(versions.contains(TlsVersion.TLS_1_2), versions.contains(TlsVersion.TLS_1_3));
            return this;
        }

        /**
         * Sets the offered cipher suites.
         *
         * @param suites code points of TLS
         * @return this builder
         */
        public Builder cipherSuites(TlsCodePoints suites) {
            this.cipherSuites = suites;
            return this;
        }

        /**
         * Sets the supported groups.
         *
         * @param groups code points of TLS
         * @return this builder
         */
        public Builder supportedGroups(TlsCodePoints groups) {
            this.supportedGroups = groups;
            return this;
        }

        /**
         * Sets whether the client asks to resume an earlier session.
         *
         * @param offers whether it does
         * @return this builder
         */
        public Builder offersResumption(boolean offers) {
            this.offersResumption = offers;
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
