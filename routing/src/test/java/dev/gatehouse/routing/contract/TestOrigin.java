package dev.gatehouse.routing.contract;

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

/**
 * An origin of sockets and nothing else: it does what its script says and remembers every request byte for byte. Each
 * connection has its own thread.
 */
public final class TestOrigin implements Closeable {

    /** What happens on one connection. When it returns, the connection is closed. */
    @FunctionalInterface
    public interface Script {
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

    public static TestOrigin running(Script script) throws IOException {
        return new TestOrigin(script, 0);
    }

    /** An origin that takes in little before it stops its peer from sending. */
    public static TestOrigin runningWithSmallWindow(Script script) throws IOException {
        return new TestOrigin(script, 4096);
    }

    /** Answers every request, after having read it whole, with the same bytes. */
    public static TestOrigin answering(String response) throws IOException {
        return running(connection -> {
            while (connection.readRequest() != null) {
                connection.send(response);
            }
        });
    }

    /** Answers every request with its body. */
    public static TestOrigin echoing() throws IOException {
        return running(connection -> {
            for (HttpMessage request = connection.readRequest(); request != null; request = connection.readRequest()) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + request.body().length + "\r\n\r\n");
                connection.send(request.body());
            }
        });
    }

    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The requests that have been read whole, in their order. */
    public List<HttpMessage> requests() {
        return requests;
    }

    /** The heads as they came, line ends included. */
    public List<String> heads() {
        return heads;
    }

    public HttpMessage onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, got " + requests);
        }
        return requests.get(0);
    }

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
        } catch (IOException peerGone) {
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

        /** Reads a request whole; null at the end of the connection. */
        public HttpMessage readRequest() throws IOException {
            byte[] head = reader.readHead();
            if (head == null) {
                return null;
            }
            heads.add(new String(head, ISO_8859_1));
            HttpMessage request = reader.readContent(head);
            requests.add(request);
            return request;
        }

        /** Reads a head and leaves the content alone. */
        public String readHead() throws IOException {
            byte[] head = reader.readHead();
            if (head == null) {
                return null;
            }
            heads.add(new String(head, ISO_8859_1));
            return heads.get(heads.size() - 1);
        }

        /** Reads up to the next line end, and leaves it out. */
        public String readLine() throws IOException {
            return reader.readLine();
        }

        public InputStream in() {
            return reader.stream();
        }

        public OutputStream out() {
            try {
                return socket.getOutputStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void send(String text) throws IOException {
            send(text.getBytes(ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            out().write(bytes);
            out().flush();
        }

        /** Waits until the peer closes the connection, throwing away what it sends. */
        public void awaitEnd() throws IOException {
            try {
                reader.stream().transferTo(OutputStream.nullOutputStream());
            } catch (SocketException reset) {
                // An end, too.
            }
        }

        /** Closes the connection so that the peer sees a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
