package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An origin of sockets and nothing else: it does what its script says and remembers every request byte for byte. Each
 * connection has its own thread.
 */
public final class TestOrigin implements Closeable {

    /** What happens on one connection. When it returns, the connection is closed. */
    @FunctionalInterface
    public interface Script {
        /**
         * Serves a connection.
         *
         * @param connection the connection
         * @throws IOException if the peer leaves, which ends the connection
         */
        void serve(Connection connection) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<HttpMessage> requests = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private TestOrigin(Script script, int receiveBuffer) throws IOException {
        this.script = script;
        server = new ServerSocket();
        if (receiveBuffer > 0) {
            server.setReceiveBufferSize(receiveBuffer);
        }
        server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread acceptor = new Thread(this::accept, "test-origin-" + server.getLocalPort());
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /**
     * Starts an origin.
     *
     * @param script what it does on each connection
     * @return the origin, which listens
     * @throws IOException if it cannot listen
     */
    public static TestOrigin running(Script script) throws IOException {
        return new TestOrigin(script, 0);
    }

    /**
     * Starts an origin that takes in little before it stops its peer from sending.
     *
     * @param script what it does on each connection
     * @return the origin, which listens
     * @throws IOException if it cannot listen
     */
    public static TestOrigin runningWithSmallWindow(Script script) throws IOException {
        return new TestOrigin(script, 4096);
    }

    /**
     * Starts an origin that answers every request, after having read it whole, with the same bytes.
     *
     * @param response head and content
     * @return the origin, which listens
     * @throws IOException if it cannot listen
     */
    public static TestOrigin answering(String response) throws IOException {
        return running(connection -> {
            while (connection.readRequest() != null) {
                connection.send(response);
            }
        });
    }

    /**
     * Starts an origin that answers every request with its content.
     *
     * @return the origin, which listens
     * @throws IOException if it cannot listen
     */
    public static TestOrigin echoing() throws IOException {
        return running(connection -> {
            for (HttpMessage request = connection.readRequest(); request != null; request = connection.readRequest()) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + request.body().length + "\r\n\r\n");
                connection.send(request.body());
            }
        });
    }

    /**
     * Makes a response with 200.
     *
     * @param body its content, ASCII
     * @return head and content
     */
    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** {@return where it listens, as a target} */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** {@return the requests that have been read whole, in their order; grows} */
    public List<HttpMessage> requests() {
        return requests;
    }

    /** {@return the heads as they came, line ends included; grows} */
    public List<String> heads() {
        return heads;
    }

    /**
     * {@return the request that has come}
     *
     * @throws AssertionError if it is not exactly one
     */
    public HttpMessage onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, got " + requests);
        }
        return requests.get(0);
    }

    /** {@return how many connections have been accepted} */
    public int connections() {
        return accepted.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "test-origin-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            script.serve(new Connection(socket));
        } catch (IOException | UncheckedIOException peerGone) {
            // The script sees what it cares for; the rest is the peer's right.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** One connection of the server under test to this origin. */
    public final class Connection {

        private final Socket socket;
        private final HttpReader reader;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            reader = new HttpReader(socket.getInputStream());
        }

        /**
         * Reads a request whole.
         *
         * @return the request; null at the end of the connection
         * @throws IOException if the connection breaks, or ends within it
         */
        public @Nullable HttpMessage readRequest() throws IOException {
            byte[] head = reader.readHead();
            if (head == null) {
                return null;
            }
            heads.add(new String(head, ISO_8859_1));
            HttpMessage request = reader.readContent(head);
            requests.add(request);
            return request;
        }

        /**
         * Reads a head and leaves the content alone.
         *
         * @return the head with its line ends; null at the end of the connection
         * @throws IOException if the connection breaks, or ends within it
         */
        public @Nullable String readHead() throws IOException {
            byte[] head = reader.readHead();
            if (head == null) {
                return null;
            }
            heads.add(new String(head, ISO_8859_1));
            return heads.get(heads.size() - 1);
        }

        /**
         * Reads up to the next line end.
         *
         * @return the line without it
         * @throws IOException if the connection breaks or ends
         */
        public String readLine() throws IOException {
            return reader.readLine();
        }

        /** {@return what comes, buffered} */
        public InputStream in() {
            return reader.stream();
        }

        /** {@return where what is sent goes} */
        public OutputStream out() {
            try {
                return socket.getOutputStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Sends text.
         *
         * @param text Latin-1
         * @throws IOException if the peer has left
         */
        public void send(String text) throws IOException {
            send(text.getBytes(ISO_8859_1));
        }

        /**
         * Sends bytes.
         *
         * @param bytes the bytes
         * @throws IOException if the peer has left
         */
        public void send(byte[] bytes) throws IOException {
            out().write(bytes);
            out().flush();
        }

        /**
         * Reads and forgets until the peer ends or breaks the connection.
         *
         * @throws IOException if it does neither in time
         */
        public void awaitEnd() throws IOException {
            try {
                reader.stream().transferTo(OutputStream.nullOutputStream());
            } catch (SocketException reset) {
                // An end, too.
            }
        }

        /**
         * Sends the end, and goes on reading.
         *
         * @throws IOException if the peer has left
         */
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        /**
         * Breaks the connection off, so that the peer sees a reset.
         *
         * @throws IOException if it is broken already
         */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
