package dev.gatehouse.conformance.host;

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
     * @throws Exception if the server cannot be started; fails the case
     */
    URI start(HttpHandler handler) throws Exception;

    /**
     * Starts to listen with TLS, with HTTP/1.1 and HTTP/2.
     *
     * @param handler what answers
     * @param tls the server's side
     * @return {@code https://localhost:PORT}
     * @throws Exception if the server cannot be started; fails the case
     */
    URI startTls(HttpHandler handler, SSLContext tls) throws Exception;

    /** Stops the server, whether it was started or not. */
    @Override
    void close();
}
