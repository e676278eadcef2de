package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.NameResolver;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.pki.SubjectAlternativeNames;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1OctetString;

/**
 * The TLS-ALPN-01 challenge (RFC 8737): a handshake for {@code acme-tls/1} in which the server shows a certificate made
 * for this challenge. For addresses the server name is that of RFC 8738 section 6.
 */
public final class TlsAlpn01Validator implements ChallengeValidator {
    private static final String PROTOCOL = "acme-tls/1";
    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";

    private final ValidationConnector connector;
    private final ValidationPorts ports;
    private final Duration timeout;
    private final SSLContext tls = UntrustingTls.context();

    /**
     * Makes a validator.
     *
     * @param resolver finds the servers
     * @param ports where they listen
     * @param timeout how long one validation may take
     */
    public TlsAlpn01Validator(NameResolver resolver, ValidationPorts ports, Duration timeout) {
        this.connector = new ValidationConnector(resolver);
        this.ports = ports;
        this.timeout = timeout;
    }

    @Override
    public void validate(Identifier identifier, String token, String keyAuthorization) throws ProblemException {
        Deadline deadline = Deadline.in(timeout);
        try (Socket socket = connector.connect(identifier.value(), ports.tls(), "tlsPort", deadline);
                SSLSocket secured = secured(socket, identifier, deadline)) {
            secured.startHandshake();
            if (!PROTOCOL.equals(secured.getApplicationProtocol())) {
                throw unauthorized(
                        identifier,
                        "it did not choose the protocol " + PROTOCOL
                                + ". Offer that protocol by ALPN while a challenge is open");
            }
            X509Certificate shown = (X509Certificate) secured.getSession().getPeerCertificates()[0];
            requireName(identifier, shown);
            requireDigest(identifier, shown, Digests.sha256(keyAuthorization));
        } catch (SocketTimeoutException e) {
            throw Problem.of(
                            ProblemType.CONNECTION,
                            "The TLS handshake with " + identifier + " took too long. Answer it" + " within "
                                    + timeout.toMillis() + " ms.")
                    .exception();
        } catch (IOException e) {
            throw Problem.of(
                            ProblemType.TLS,
                            "The TLS handshake with " + identifier + " for the protocol " + PROTOCOL
                                    + " failed (" + Text.reason(e)
                                    + "). Offer that protocol by ALPN while a challenge is open.")
                    .exception();
        }
    }

    private SSLSocket secured(Socket socket, Identifier identifier, Deadline deadline) throws IOException {
        SSLSocket secured =
                (SSLSocket) tls.getSocketFactory().createSocket(socket, identifier.value(), ports.tls(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        parameters.setServerNames(List.of(new SNIHostName(ReverseNames.serverName(identifier))));
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(deadline.remainingMillis());
        return secured;
    }

    private static void requireName(Identifier identifier, X509Certificate shown) throws ProblemException {
        Set<String> names = names(identifier, shown);
        if (!names.equals(Set.of(identifier.value()))) {
            throw unauthorized(
                    identifier,
                    "its certificate is for " + Text.oneLine(names.toString()) + ". Show one for " + identifier
                            + " only");
        }
    }

    private static Set<String> names(Identifier identifier, X509Certificate shown) throws ProblemException {
        try {
            return SubjectAlternativeNames.of(shown);
        } catch (IllegalArgumentException malformed) {
            throw unauthorized(
                    identifier,
                    "its certificate has malformed names (" + Text.reason(malformed) + "). Show one for " + identifier
                            + " only");
        }
    }

    private static void requireDigest(Identifier identifier, X509Certificate shown, byte[] expected)
            throws ProblemException {
        byte[] extension = shown.getExtensionValue(ACME_IDENTIFIER);
        if (extension == null || !shown.getCriticalExtensionOIDs().contains(ACME_IDENTIFIER)) {
            throw unauthorized(
                    identifier,
                    "its certificate has no critical extension acmeIdentifier. Make one for this" + " challenge");
        }
        if (!MessageDigest.isEqual(digestIn(extension), expected)) {
            throw unauthorized(
                    identifier,
                    "its certificate was made for another key authorization. Make one for the"
                            + " token of this challenge and the key of this account");
        }
    }

    private static byte[] digestIn(byte[] extension) {
        try {
            byte[] value = ASN1OctetString.getInstance(extension).getOctets();
            return ASN1OctetString.getInstance(value).getOctets();
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    private static ProblemException unauthorized(Identifier identifier, String why) {
        return Problem.of(ProblemType.UNAUTHORIZED, "The server of " + identifier + " was reached, but " + why + ".")
                .exception();
    }
}
