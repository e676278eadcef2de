package dev.gatehouse.acme.internal.permission;

import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.limits.TimeText;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Asks an HTTP endpoint. The status is the answer. */
public final class HttpAsk implements AutoCloseable {

    private static final int MAX_SHOWN_LOCATION = 200;

    private final Settings settings;
    private final BoundedHttpClient client;

    /** Opens nothing before the first question. */
    public HttpAsk(Settings settings) {
        this.settings = settings;
        this.client = new BoundedHttpClient(settings.timeout(), settings.maximumConnections(), settings.tls());
    }

    /**
     * Whom to ask and how.
     *
     * @param endpoint an absolute URI
     * @param timeout how long to wait for an answer
     * @param maximumConnections questions at the same time
     * @param clientAddressParameter under which name the client's address is sent
     * @param headers names and values in turn
     * @param tls for endpoints with a certificate of a private authority
     */
    public record Settings(
            URI endpoint,
            Duration timeout,
            int maximumConnections,
            Optional<String> clientAddressParameter,
            List<String> headers,
            Optional<SSLContext> tls) {

        public Settings {
            headers = List.copyOf(headers);
        }

        public Settings withTimeout(Duration changed) {
            return new Settings(endpoint, changed, maximumConnections, clientAddressParameter, headers, tls);
        }

        public Settings withMaximumConnections(int changed) {
            return new Settings(endpoint, timeout, changed, clientAddressParameter, headers, tls);
        }

        public Settings withClientAddressParameter(String changed) {
            return new Settings(endpoint, timeout, maximumConnections, Optional.of(changed), headers, tls);
        }

        public Settings withHeaders(List<String> changed) {
            return new Settings(endpoint, timeout, maximumConnections, clientAddressParameter, changed, tls);
        }

        public Settings withTls(SSLContext changed) {
            return new Settings(
                    endpoint, timeout, maximumConnections, clientAddressParameter, headers, Optional.of(changed));
        }

        /** The endpoint without its query, which may hold a secret. */
        public String shown() {
            return withoutQuery(endpoint.toString());
        }
    }

    /** Completes with a decision, whatever happens. */
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        HttpRequest.Builder question = HttpRequest.newBuilder(uriFor(request))
                .timeout(settings.timeout())
                .GET();
        if (!settings.headers().isEmpty()) {
            question.headers(settings.headers().toArray(String[]::new));
        }
        CompletableFuture<HttpResponse<Void>> answer = client.send(question.build());
        return answer.handle((response, failure) -> failure == null ? read(response) : explain(failure));
    }

    @Override
    public void close() {
        client.close();
    }

    private URI uriFor(PermissionRequest request) {
        String name = encode(request.name().value());
        StringBuilder uri =
                new StringBuilder(withoutFragment(settings.endpoint().toString()));
        uri.append(settings.endpoint().getRawQuery() == null ? '?' : '&');
        uri.append("domain=").append(name).append("&host=").append(name);
        settings.clientAddressParameter()
                .flatMap(parameter -> request.clientAddress().map(address -> parameter(parameter, address)))
                .ifPresent(uri::append);
        return URI.create(uri.toString());
    }

    private static String parameter(String name, InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return "&" + encode(name) + "=" + encode(scope < 0 ? text : text.substring(0, scope));
    }

    private PermissionDecision read(HttpResponse<Void> response) {
        PermissionDecision decision = judge(response);
        if (decision.verdict() == PermissionDecision.Verdict.UNKNOWN) {
            return decision;
        }
        return CacheControl.freshness(response.headers().allValues("Cache-Control"))
                .map(decision::validFor)
                .orElse(decision);
    }

    private PermissionDecision judge(HttpResponse<Void> response) {
        int status = response.statusCode();
        String answer = settings.shown() + " answered " + status;
        if (status == 200) {
            return PermissionDecision.allowed(answer);
        }
        if (status >= 300 && status < 400) {
            return PermissionDecision.denied(answer + redirected(response));
        }
        if (status == 401 || status == 407) {
            return PermissionDecision.denied(answer + ": it wants credentials, which HttpPermission.header can send");
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return PermissionDecision.unknown(answer);
        }
        return PermissionDecision.denied(status < 300 ? answer + "; only 200 allows" : answer);
    }

    private static String redirected(HttpResponse<Void> response) {
        String location = response.headers()
                .firstValue("Location")
                .map(HttpAsk::withoutQuery)
                .orElse("(no Location)");
        String shown =
                location.length() > MAX_SHOWN_LOCATION ? location.substring(0, MAX_SHOWN_LOCATION) + "…" : location;
        return ", a redirect to " + shown
                + ", which is not followed; the usual cause is a framework's force-HTTPS: exempt this path from it";
    }

    private PermissionDecision explain(Throwable failure) {
        Throwable cause = SafePermission.causeOf(failure);
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return PermissionDecision.unknown(
                    settings.shown() + " did not answer within " + TimeText.of(settings.timeout()));
        }
        if (cause instanceof BoundedHttpClient.BusyException busy) {
            return PermissionDecision.unknown(settings.shown() + " was not asked: " + busy.getMessage());
        }
        return PermissionDecision.unknown(settings.shown() + " could not be asked (" + cause + ")");
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String withoutFragment(String uri) {
        return upTo(uri, '#');
    }

    private static String withoutQuery(String uri) {
        return upTo(withoutFragment(uri), '?');
    }

    private static String upTo(String text, char end) {
        int index = text.indexOf(end);
        return index < 0 ? text : text.substring(0, index);
    }
}
