package dev.gatehouse.routing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** An origin on a loopback port that does byte for byte what a test says, with one thread for each connection. */
public final class TestOrigin implements AutoCloseable {

    /** What happens on a connection; it is closed at the end. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws Exception;
    }

    private final ServerSocket server;
    private final Script script;
    private final Layer layer;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /** What is spoken below HTTP. */
    private interface Layer {
        Socket over(Socket transport) throws IOException;
    }

    private TestOrigin(ServerSocket server, Layer layer, Script script) {
        this.server = server;
        this.layer = layer;
        this.script = script;
    }

    public static TestOrigin start(Script script) {
        return start(transport -> transport, script);
    }

    /** Speaks TLS as the server. The handshake happens when the script reads or writes first. */
    public static TestOrigin overTls(SSLContext context, Consumer<SSLSocket> settings, Script script) {
        return start(
                transport -> {
                    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(transport, null, true);
                    socket.setUseClientMode(false);
                    settings.accept(socket);
                    return socket;
                },
                script);
    }

    /** Like {@link #answering}, on a port that must be free. */
    public static TestOrigin answeringAt(int port, String response) {
        return start(port, transport -> transport, connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send(response);
            }
        });
    }

    private static TestOrigin start(Layer layer, Script script) {
        return start(0, layer, script);
    }

    private static TestOrigin start(int port, Layer layer, Script script) {
        try {
            ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
            TestOrigin origin = new TestOrigin(server, layer, script);
            Thread acceptor = new Thread(origin::accept, "test-origin");
            acceptor.setDaemon(true);
            acceptor.start();
            return origin;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** Answers every request on every connection with these bytes, after reading all of it. */
    public static TestOrigin answering(String response) {
        return start(connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send(response);
            }
        });
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                int number = accepted.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket, number), "test-origin-" + number);
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket;
                Socket layered = layer.over(socket)) {
            socket.setTcpNoDelay(true);
            script.run(new Connection(socket, layered, number));
        } catch (Exception broken) {
            sockets.remove(socket);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    public int connections() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** What arrived. */
    public static final class Request {

        private final String head;
        private final byte[] content;
        private final String trailers;

        Request(String head, byte[] content, String trailers) {
            this.head = head;
            this.content = content;
            this.trailers = trailers;
        }

        public String head() {
            return head;
        }

        public byte[] content() {
            return content;
        }

        public String trailers() {
            return trailers;
        }

        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        public String line() {
            return head.substring(0, head.indexOf('\r'));
        }

        /** All values of a field, joined by a bar; empty if there is none. */
        public String field(String name) {
            return String.join(
                    "|",
                    head.lines()
                            .skip(1)
                            .filter(line ->
                                    line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                            .map(line -> line.substring(name.length() + 1).trim())
                            .toList());
        }
    }

    /** The origin's side of a connection. */
    public static final class Connection {

        private final Socket transport;
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final int number;

        Connection(Socket transport, Socket socket, int number) throws IOException {
            this.transport = transport;
            this.socket = socket;
            this.number = number;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** 1 for the first connection that the origin has accepted. */
        public int number() {
            return number;
        }

        public Socket socket() {
            return socket;
        }

        /** The connection below TLS; the same as {@link #socket} without TLS. */
        public Socket transport() {
            return transport;
        }

        public SSLSession session() {
            return ((SSLSocket) socket).getSession();
        }

        public InputStream in() {
            return in;
        }

        public void send(String bytes) throws IOException {
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Waits for the next byte; false at the end of the connection. */
        public boolean hasMore() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next >= 0;
        }

        /** Closes so that the other side sees a reset. */
        public void reset() throws IOException {
            transport.setSoLinger(true, 0);
            transport.close();
        }

        public Request readRequest() throws IOException {
            String head = readHead();
            Request request = new Request(head, new byte[0], "");
            if (request.field("Transfer-Encoding").equals("chunked")) {
                return readChunked(head);
            }
            String length = request.field("Content-Length");
            byte[] content = length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
            return new Request(head, content, "");
        }

        public String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            for (String line = readLine(); !line.equals("\r\n"); line = readLine()) {
                head.append(line);
            }
            return head.toString();
        }

        private Request readChunked(String head) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (int size = readSize(); size > 0; size = readSize()) {
                content.writeBytes(in.readNBytes(size));
                readLine();
            }
            return new Request(head, content.toByteArray(), readHead());
        }

        private int readSize() throws IOException {
            return Integer.parseInt(readLine().trim(), 16);
        }

        private String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException();
                }
                line.write(b);
                if (b == '\n') {
                    return line.toString(StandardCharsets.ISO_8859_1);
                }
            }
        }
    }
}
