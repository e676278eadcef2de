package dev.gatehouse.tls;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** A handshake session as a provider shows it to a key manager. */
class FakeHandshakeSession extends ExtendedSSLSession {

    private final String protocol;
    private final String serverName;
    private final String[] signatureAlgorithms;
    private final Map<String, Object> values = new HashMap<>();

    FakeHandshakeSession(String protocol, String serverName, String... signatureAlgorithms) {
        this.protocol = protocol;
        this.serverName = serverName;
        this.signatureAlgorithms = signatureAlgorithms;
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        return List.of(new SNIHostName(serverName));
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return signatureAlgorithms.clone();
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return signatureAlgorithms.clone();
    }

    @Override
    public String getProtocol() {
        return protocol;
    }

    @Override
    public void putValue(String name, Object value) {
        values.put(name, value);
    }

    @Override
    public @Nullable Object getValue(String name) {
        return values.get(name);
    }

    @Override
    public void removeValue(String name) {
        values.remove(name);
    }

    @Override
    public String[] getValueNames() {
        return values.keySet().toArray(String[]::new);
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return 0;
    }

    @Override
    public long getLastAccessedTime() {
        return 0;
    }

    @Override
    public void invalidate() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isValid() {
        return true;
    }

    @Override
    public Certificate[] getPeerCertificates() {
        return new Certificate[0];
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    public @Nullable Principal getPeerPrincipal() {
        return null;
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public String getCipherSuite() {
        return "TLS_NULL_WITH_NULL_NULL";
    }

    @Override
    public @Nullable String getPeerHost() {
        return null;
    }

    @Override
    public int getPeerPort() {
        return -1;
    }

    @Override
    public int getPacketBufferSize() {
        return 0;
    }

    @Override
    public int getApplicationBufferSize() {
        return 0;
    }
}
