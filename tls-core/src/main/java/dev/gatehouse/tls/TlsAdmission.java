package dev.gatehouse.tls;

import java.util.Optional;
import javax.net.ssl.SSLEngine;

/** The decision of a {@link TlsGate} about a connection. */
public sealed interface TlsAdmission permits TlsAdmission.Granted, TlsAdmission.Refused {

    /**
     * The handshake may go on, with an engine of this admission that gets the same bytes. Safe for use by several threads.
     */
    final class Granted implements TlsAdmission {

        private final GateEngines engines;
        private final ClientHello hello;
        private final ConnectionPolicy policy;
        private final Credential credential;
        private final Optional<String> applicationProtocol;
        private final boolean endsWithHandshake;

        Granted(
                GateEngines engines,
                ClientHello hello,
                ConnectionPolicy policy,
                Credential credential,
                Optional<String> applicationProtocol,
                boolean endsWithHandshake) {
            this.engines = engines;
            this.hello = hello;
            this.policy = policy;
            this.credential = credential;
            this.applicationProtocol = applicationProtocol;
            this.endsWithHandshake = endsWithHandshake;
        }

        /**
         * Makes the engine for the connection, in server mode and otherwise ready: certificate, versions, client
         * authentication and application protocol are decided. The host feeds it with the bytes that the reader has seen.
         * Does not block.
         *
         * @return a new engine
         */
        public SSLEngine newEngine() {
            return endsWithHandshake
                    ? engines.newHandshakeOnlyEngine(hello, credential, applicationProtocol)
                    : engines.newEngine(hello, policy, credential, applicationProtocol);
        }

        /** {@return the requested server name; empty if it was missing or none and a fallback is served} */
        public Optional<ServerName> serverName() {
            return hello.serverName();
        }

        /** {@return what the client said} */
        public ClientHello clientHello() {
            return hello;
        }

        /** {@return the protocol that is spoken inside, such as {@code h2}; empty if the client offers none} */
        public Optional<String> applicationProtocol() {
            return applicationProtocol;
        }

        /**
         * {@return whether the client wants to see the certificate and nothing else, as a certificate authority does that
         * validates a name (RFC 8737)} The host closes the connection when the handshake is over, and serves no request on
         * it.
         */
        public boolean endsWithHandshake() {
            return endsWithHandshake;
        }

        /** {@return what the connection fulfils} */
        public ConnectionPolicy policy() {
            return policy;
        }

        /**
         * Notes that the handshake has failed after the admission, as with a client certificate that is not trusted or a
         * client that stops in the middle: one event, and one line in the log. A client that just leaves is not worth one.
         *
         * @param reason what went wrong and what to do, one sentence for people
         */
        public void handshakeFailed(String reason) {
            engines.refused(hello, reason);
        }

        /**
         * Tells whether a request for a host may be served on this connection: whether the policy of the host is the one
         * that the connection was made under. A request for which it is not is answered with 421 Misdirected Request (RFC
         * 9110, section 15.5.20), and the client comes again on another connection.
         *
         * @param host the host of the request
         * @return true if it may be served
         */
        public boolean mayServe(ServerName host) {
            return !endsWithHandshake && engines.policyOf(host).equals(policy);
        }
    }

    /**
     * The handshake is over. The refusal has been logged; the host writes the alert and closes the connection.
     *
     * @param alert what the client is told
     * @param reason what was wrong and what to do, one sentence for people
     */
    record Refused(TlsAlert alert, String reason) implements TlsAdmission {}
}
