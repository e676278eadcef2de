package dev.gatehouse.tls;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a connection must fulfil beyond having a certificate: the lowest version of TLS, and a certificate of the client.
 * A policy may belong to server names; see {@link ServerTls.Builder#policy}.
 *
 * <p>Immutable and safe for use by several threads. Two with equal parts are equal, and connections under equal policies
 * may serve each other's hosts.
 */
public final class ConnectionPolicy {

    private final TlsVersion minVersion;
    private final ClientAuthentication clientAuthentication;

    private ConnectionPolicy(TlsVersion minVersion, ClientAuthentication clientAuthentication) {
        this.minVersion = minVersion;
        this.clientAuthentication = clientAuthentication;
    }

    /**
     * Makes a policy.
     *
     * @param minVersion the lowest version that is accepted
     * @param clientAuthentication whether clients show a certificate
     * @return the policy
     */
    public static ConnectionPolicy of(TlsVersion minVersion, ClientAuthentication clientAuthentication) {
        return new ConnectionPolicy(Objects.requireNonNull(minVersion), Objects.requireNonNull(clientAuthentication));
    }

    /**
     * Makes a policy that asks for a version and for no client certificate.
     *
     * @param minVersion the lowest version that is accepted
     * @return the policy
     */
    public static ConnectionPolicy of(TlsVersion minVersion) {
        return of(minVersion, ClientAuthentication.none());
    }

    /** {@return the lowest version that is accepted} */
    public TlsVersion minVersion() {
        return minVersion;
    }

    /** {@return whether clients show a certificate} */
    public ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    /** {@return true if the other has equal parts} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectionPolicy that
                && minVersion == that.minVersion
                && clientAuthentication.equals(that.clientAuthentication);
    }

    @Override
    public int hashCode() {
        return Objects.hash(minVersion, clientAuthentication);
    }

    /** {@return the parts, for a log} */
    @Override
    public String toString() {
        return "at least " + minVersion + ", client certificate " + clientAuthentication;
    }
}
