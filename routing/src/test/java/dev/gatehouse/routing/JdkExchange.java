package dev.gatehouse.routing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** A request to the server of the JDK, whose I/O blocks. */
final class JdkExchange extends BlockingExchange {

    private final com.sun.net.httpserver.HttpExchange http;
    private @Nullable OutputStream out;

    JdkExchange(com.sun.net.httpserver.HttpExchange http, Executor readers) {
        super(readers);
        this.http = http;
    }

    static HttpServer serve(HttpHandler handler, ExecutorService threads) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", http -> {
            try {
                new JdkExchange(http, threads).serve(handler);
            } catch (Exception failed) {
                throw new IOException(failed);
            } finally {
                http.close();
            }
        });
        server.start();
        return server;
    }

    @Override
    public String method() {
        return http.getRequestMethod();
    }

    @Override
    public String requestTarget() {
        return http.getRequestURI().toString();
    }

    @Override
    public @Nullable String authority() {
        return http.getRequestHeaders().getFirst("Host");
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String protocol() {
        return http.getProtocol();
    }

    @Override
    public HttpFields requestFields() {
        HttpFields.Builder fields = HttpFields.builder();
        http.getRequestHeaders().forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
        return fields.build();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return http.getRemoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return http.getLocalAddress();
    }

    @Override
    protected int readContent(ByteBuffer into) throws IOException {
        int count = http.getRequestBody().read(into.array(), into.position(), into.remaining());
        into.position(into.position() + Math.max(count, 0));
        return count;
    }

    @Override
    protected void writeHead(int status, HttpFields fields) throws IOException {
        fields.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length")) {
                http.getResponseHeaders().add(name, value);
            }
        });
        List<String> lengths = fields.all("Content-Length");
        long length = lengths.isEmpty() ? 0 : Long.parseLong(lengths.get(0));
        boolean none = method().equals("HEAD") || status == 204 || status == 304;
        http.sendResponseHeaders(status, none || (length == 0 && !lengths.isEmpty()) ? -1 : length);
        out = none || (length == 0 && !lengths.isEmpty()) ? null : http.getResponseBody();
    }

    @Override
    protected void writeContent(ByteBuffer data, boolean last, HttpFields trailers) throws IOException {
        OutputStream body = out;
        if (body == null) {
            return;
        }
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        body.write(bytes);
        if (last) {
            body.close();
        } else {
            body.flush();
        }
    }

    @Override
    protected void closeConnection(Throwable cause) {
        http.close();
    }
}
