package dev.gatehouse.routing.contract;

import dev.gatehouse.routing.HttpHandler;
import java.net.URI;
import javax.net.ssl.SSLContext;

/** A server under test: it mounts one handler and listens on a free port of the loopback interface. */
public interface RouterHost extends AutoCloseable {

    /**
     * Starts to listen in clear text, with HTTP/1.
     *
     * @param handler what answers
     * @return {@code http://127.0.0.1:PORT}
     */
    URI start(HttpHandler handler) throws Exception;

    /**
     * Starts to listen with TLS, with HTTP/1.1 and HTTP/2.
     *
     * @param handler what answers
     * @param tls the server's side
     * @return {@code https://localhost:PORT}
     */
    URI startTls(HttpHandler handler, SSLContext tls) throws Exception;

    @Override
    void close();
}
