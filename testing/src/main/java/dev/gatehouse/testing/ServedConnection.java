package dev.gatehouse.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link TlsTestServer} does with a connection: a handshake, then one HTTP response to each request until the client
 * goes. Immutable and thread safe.
 */
final class ServedConnection {
    private static final Logger LOG = LoggerFactory.getLogger(TlsTestServer.class);
    private static final int LONGEST_SILENCE_MILLIS = 30_000;
    private static final int LONGEST_FAREWELL_MILLIS = 1_000;
    private static final int MOST_REQUESTS = 100;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final SSLContext context;
    private final @Nullable Consumer<SSLParameters> settings;
    private final Consumer<ClientHandshake> outcomes;

    ServedConnection(
            SSLContext context, @Nullable Consumer<SSLParameters> settings, Consumer<ClientHandshake> outcomes) {
        this.context = context;
        this.settings = settings;
        this.outcomes = outcomes;
    }

    void serve(Socket plain) {
        AtomicReference<@Nullable String> serverName = new AtomicReference<>();
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, false)) {
            socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
            socket.setSSLParameters(parameters(socket.getSSLParameters(), serverName));
            socket.startHandshake();
            converse(socket, serverName);
        } catch (IOException e) {
            outcomes.accept(failed(serverName.get(), e));
        }
        linger(plain);
    }

    /** Reads on until the client has gone: closing before it has would take our alert from it. */
    private static void linger(Socket plain) {
        try {
            plain.setSoTimeout(LONGEST_FAREWELL_MILLIS);
            plain.shutdownOutput();
            plain.getInputStream().readNBytes(LONGEST_HEAD);
        } catch (IOException gone) {
            LOG.debug("A client went without a farewell: {}", gone.toString());
        }
    }

    private SSLParameters parameters(SSLParameters parameters, AtomicReference<@Nullable String> serverName) {
        if (settings != null) {
            settings.accept(parameters);
        }
        Collection<SNIMatcher> matchers = parameters.getSNIMatchers();
        if (matchers == null || matchers.isEmpty()) {
            parameters.setSNIMatchers(List.of(new Listening(serverName)));
        }
        return parameters;
    }

    /** In TLS 1.3 a client may refuse after our handshake is complete: the first read tells. */
    private void converse(SSLSocket socket, AtomicReference<@Nullable String> serverName) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1024);
        boolean wantsMore;
        try {
            wantsMore = readHead(in);
        } catch (IOException refused) {
            Optional<ReceivedAlert> alert = ProbeFailure.alert(refused);
            outcomes.accept(completed(socket, serverName.get(), alert.orElse(null), refused.getMessage()));
            return;
        }
        outcomes.accept(completed(socket, serverName.get(), null, null));
        for (int i = 0; wantsMore && i < MOST_REQUESTS; i++) {
            socket.getOutputStream().write(RESPONSE);
            wantsMore = quietlyReadHead(in);
        }
    }

    /** The handshake was told of already; whatever ends the conversation is the client's business. */
    private static boolean quietlyReadHead(BufferedReader in) {
        try {
            return readHead(in);
        } catch (IOException gone) {
            return false;
        }
    }

    /** {@return whether the head of a request came, rather than the end} */
    private static boolean readHead(BufferedReader in) throws IOException {
        int length = 0;
        String line = in.readLine();
        while (line != null && !line.isEmpty() && length < LONGEST_HEAD) {
            length += line.length();
            line = in.readLine();
        }
        return line != null;
    }

    private static ClientHandshake completed(
            SSLSocket socket, @Nullable String serverName, @Nullable ReceivedAlert alert, @Nullable String failure) {
        String protocol = socket.getApplicationProtocol();
        return new ClientHandshake(
                serverName,
                true,
                socket.getSession().getProtocol(),
                protocol == null || protocol.isEmpty() ? null : protocol,
                clientChain(socket),
                alert,
                failure);
    }

    private static ClientHandshake failed(@Nullable String serverName, IOException e) {
        return new ClientHandshake(
                serverName,
                false,
                null,
                null,
                List.of(),
                ProbeFailure.alert(e).orElse(null),
                String.valueOf(e.getMessage()));
    }

    private static List<X509Certificate> clientChain(SSLSocket socket) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : socket.getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
        return List.copyOf(chain);
    }

    /** Hears the name that a client asks for, and accepts it. */
    private static final class Listening extends SNIMatcher {
        private final AtomicReference<@Nullable String> heard;

        Listening(AtomicReference<@Nullable String> heard) {
            super(StandardConstants.SNI_HOST_NAME);
            this.heard = heard;
        }

        @Override
        public boolean matches(SNIServerName name) {
            heard.set(new String(name.getEncoded(), StandardCharsets.UTF_8));
            return true;
        }
    }
}
