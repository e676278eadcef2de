package dev.gatehouse.jetty;

import dev.gatehouse.tls.TlsAdmission;
import dev.gatehouse.tls.TlsGate;
import java.util.Objects;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/**
 * TLS for a connector of your own, in the place of Jetty's {@code SslConnectionFactory} and ALPN: a {@link TlsGate}
 * decides about each connection by its ClientHello, and only then an engine is made. {@link GatehouseConnector} has
 * connectors that are ready for use; this is for those who put them together themselves, such as behind the PROXY
 * protocol:
 *
 * <pre>{@code
 * TlsGateConnectionFactory tls = new TlsGateConnectionFactory(serverTls.gate("h2", "http/1.1"));
 * ServerConnector connector = new ServerConnector(
 *         server,
 *         new ProxyConnectionFactory(tls.getProtocol()),
 *         tls,
 *         new HTTP2ServerConnectionFactory(configuration),
 *         new HttpConnectionFactory(configuration));
 * }</pre>
 *
 * <p>The connector needs a connection factory for each application protocol of the gate, and one for {@code http/1.1}, which
 * clients without ALPN speak. When it starts, its HTTP configurations get two customizers at their end unless they
 * have them: Jetty's {@link SecureRequestCustomizer}, without its SNI host check, and one that answers 421 to requests for
 * hosts under another connection policy.
 *
 * <p>Listeners that are added as beans of type {@link SslHandshakeListener}, here or to the connector, are told about
 * handshakes. Set it up before the connector starts; not safe for use by several threads until then.
 */
public final class TlsGateConnectionFactory extends AbstractConnectionFactory implements ConnectionFactory.Configuring {

    private static final String PROTOCOL = "TLS";

    private final TlsGate gate;
    private boolean directBuffersForEncryption;
    private boolean directBuffersForDecryption;

    /**
     * Puts a gate into Jetty.
     *
     * @param gate decides about connections; for one connector
     */
    public TlsGateConnectionFactory(TlsGate gate) {
        super(PROTOCOL);
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /** {@return the gate, which knows how many connections wait for their certificate} */
    public TlsGate gate() {
        return gate;
    }

    /** {@return whether buffers of encrypted bytes are outside of the heap} */
    public boolean isDirectBuffersForEncryption() {
        return directBuffersForEncryption;
    }

    /**
     * Chooses where buffers of encrypted bytes are. The JDK's provider works faster on the heap, which is the default;
     * Conscrypt outside of it.
     *
     * @param direct true for outside of the heap
     */
    public void setDirectBuffersForEncryption(boolean direct) {
        directBuffersForEncryption = direct;
    }

    /** {@return whether buffers of decrypted bytes are outside of the heap} */
    public boolean isDirectBuffersForDecryption() {
        return directBuffersForDecryption;
    }

    /**
     * Chooses where buffers of decrypted bytes are. Default on the heap.
     *
     * @param direct true for outside of the heap
     */
    public void setDirectBuffersForDecryption(boolean direct) {
        directBuffersForDecryption = direct;
    }

    /**
     * Adds what requests on gated connections need to the HTTP configurations of a connector. Called by Jetty when the
     * connector starts.
     */
    @Override
    public void configure(Connector connector) {
        for (HttpConfiguration configuration : connector.getContainedBeans(HttpConfiguration.class)) {
            if (configuration.getCustomizer(SecureRequestCustomizer.class) == null) {
                configuration.addCustomizer(new SecureRequestCustomizer(false));
            }
            if (configuration.getCustomizer(MisdirectedRequests.class) == null) {
                configuration.addCustomizer(new MisdirectedRequests());
            }
        }
    }

    /** Makes the connection that reads the ClientHello. Called by Jetty. */
    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new ClientHelloConnection(this, connector, endPoint), connector, endPoint);
    }

    GatedSslConnection newSslConnection(
            Connector connector, EndPoint endPoint, TlsAdmission.Granted admission, ReceivedBytes replay) {
        GatedSslConnection secure = new GatedSslConnection(
                connector, endPoint, admission, replay, directBuffersForEncryption, directBuffersForDecryption);
        addHandshakeListeners(secure, connector);
        configure(secure, connector, endPoint);
        HandshakeConnection handshake = new HandshakeConnection(connector, secure, gate.helloTimeout());
        secure.getSslEndPoint().setConnection(configure(handshake, connector, secure.getSslEndPoint()));
        return secure;
    }

    private void addHandshakeListeners(SslConnection secure, Connector connector) {
        if (connector instanceof ContainerLifeCycle container) {
            container.getBeans(SslHandshakeListener.class).forEach(secure::addHandshakeListener);
        }
        getBeans(SslHandshakeListener.class).forEach(secure::addHandshakeListener);
    }
}
