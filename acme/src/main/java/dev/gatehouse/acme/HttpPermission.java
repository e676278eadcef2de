package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.permission.HttpAsk;
import dev.gatehouse.acme.internal.permission.HttpAsk.Settings;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;

/**
 * Asks an HTTP endpoint: {@code GET endpoint?domain=NAME&host=NAME}. Endpoints that were written for the <i>ask</i> option
 * of other servers work unchanged.
 *
 * <table>
 * <caption>What the answer means</caption>
 * <tr><th>Answer</th><th>Decision</th></tr>
 * <tr><td>200</td><td>allowed</td></tr>
 * <tr><td>404, 403, other 4xx, other 2xx</td><td>denied</td></tr>
 * <tr><td>3xx</td><td>denied; redirects are not followed. The usual cause is a framework that forces HTTPS: exempt the
 * path of the endpoint from it</td></tr>
 * <tr><td>408, 425, 429, 5xx, none in time, no connection</td><td>unknown: nothing is issued, the question is asked again
 * soon, and names that have a certificate keep it</td></tr>
 * </table>
 *
 * <p>{@code Cache-Control: max-age} says how long an answer is remembered, between one second and one day;
 * {@code no-store} and {@code no-cache} mean one second. The body of the answer does not matter.
 *
 * <p>Immutable: each method that changes something returns another permission. Safe for use by several threads. Never
 * blocks.
 */
public final class HttpPermission implements IssuancePermission {

    private static final int MAX_CONNECTIONS = 32;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    private final Settings settings;
    private final HttpAsk ask;

    private HttpPermission(Settings settings) {
        this.settings = settings;
        this.ask = new HttpAsk(settings);
    }

    /**
     * Asks an endpoint with a time-out of two seconds.
     *
     * @param endpoint an absolute {@code http} or {@code https} URI; its own query parameters are kept
     * @return the permission
     * @throws IllegalArgumentException if it is not such a URI
     */
    public static HttpPermission at(URI endpoint) {
        String scheme = endpoint.getScheme();
        boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!http || endpoint.getHost() == null) {
            throw new IllegalArgumentException("Ask endpoint '" + endpoint
                    + "' is not an absolute http or https URI. Write it as http://localhost:3000/path.");
        }
        if (endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException("Ask endpoint at '" + endpoint.getHost()
                    + "': user and password in the URI are not sent. Use header(\"Authorization\", …).");
        }
        return new HttpPermission(
                new Settings(endpoint, TIMEOUT, MAX_CONNECTIONS, Optional.empty(), List.of(), Optional.empty()));
    }

    /**
     * Sets how long to wait for an answer, the time to connect included.
     *
     * @param timeout more than zero and at most 30 seconds
     * @return the permission with this time-out
     * @throws IllegalArgumentException if it is out of its range
     */
    public HttpPermission timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: more than zero, at most 30 seconds)");
        }
        return new HttpPermission(settings.withTimeout(timeout));
    }

    /**
     * Tells the endpoint where the client is, if the server knows. As answers are remembered by name, the address is that
     * of the first client who asks.
     *
     * @param parameter the name of the query parameter, such as {@code client_address}
     * @return the permission that sends the address
     * @throws IllegalArgumentException if it is the name of another parameter
     */
    public HttpPermission sendingClientAddressAs(String parameter) {
        if (parameter.isBlank() || parameter.equals("domain") || parameter.equals("host")) {
            throw new IllegalArgumentException(
                    "parameter: '" + parameter + "' (expected: a name other than domain and host)");
        }
        return new HttpPermission(settings.withClientAddressParameter(parameter));
    }

    /**
     * Adds a request header, such as an {@code Authorization}. It is never logged.
     *
     * @param name its name
     * @param value its value
     * @return the permission that sends the header
     * @throws IllegalArgumentException if name or value are not those of a header that may be set
     */
    public HttpPermission header(String name, String value) {
        HttpRequest.Builder checked =
                HttpRequest.newBuilder(settings.endpoint()).header(name, value);
        List<String> headers = new ArrayList<>(settings.headers());
        headers.addAll(List.of(name, value));
        checked.build();
        return new HttpPermission(settings.withHeaders(headers));
    }

    /**
     * Sets how many questions are on their way at the same time, each on a connection of its own. Others wait, a thousand
     * at most. By default 32.
     *
     * @param connections how many, at least 1
     * @return the permission with this bound
     * @throws IllegalArgumentException if it is less than 1
     */
    public HttpPermission maximumConnections(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: at least 1)");
        }
        return new HttpPermission(settings.withMaximumConnections(connections));
    }

    /**
     * Sets what an {@code https} endpoint is trusted by, for one with a certificate of a private authority.
     *
     * @param tls the context for connections to the endpoint
     * @return the permission with this context
     */
    public HttpPermission sslContext(SSLContext tls) {
        return new HttpPermission(settings.withTls(tls));
    }

    @Override
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        return ask.decide(request);
    }

    /** Ends the questions that are on their way, as unknown, and closes the connections. */
    @Override
    public void close() {
        ask.close();
    }

    /** {@return the endpoint, without its query} */
    @Override
    public String toString() {
        return settings.shown();
    }
}
