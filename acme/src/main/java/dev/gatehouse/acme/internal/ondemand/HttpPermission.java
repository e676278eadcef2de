package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks an HTTP endpoint. The status is the answer; the body is not read. */
public final class HttpPermission implements IssuancePermission {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_SHOWN_LOCATION = 200;

    private final URI endpoint;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private HttpPermission(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Checks and takes the endpoint. */
    public static HttpPermission at(URI endpoint) {
        String scheme = endpoint.getScheme();
        boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!http || endpoint.getHost() == null) {
            throw new IllegalArgumentException("Ask endpoint '" + endpoint
                    + "' is not an absolute http or https URI. Write it as http://localhost:3000/path.");
        }
        return new HttpPermission(endpoint);
    }

    @Override
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        HttpRequest question = HttpRequest.newBuilder(uriFor(request.name().value()))
                .timeout(TIMEOUT)
                .GET()
                .build();
        return client.sendAsync(question, HttpResponse.BodyHandlers.discarding())
                .handle((response, failure) -> failure == null ? read(response) : explain(failure));
    }

    private URI uriFor(String name) {
        String value = URLEncoder.encode(name, StandardCharsets.UTF_8);
        String question = "domain=" + value + "&host=" + value;
        String text = endpoint.toString();
        int fragment = text.indexOf('#');
        String base = fragment < 0 ? text : text.substring(0, fragment);
        return URI.create(base + (endpoint.getRawQuery() == null ? '?' : '&') + question);
    }

    private PermissionDecision read(HttpResponse<Void> response) {
        int status = response.statusCode();
        if (status == 200) {
            return PermissionDecision.allowed(endpoint + " answered 200");
        }
        if (status >= 500) {
            return PermissionDecision.unknown(endpoint + " answered " + status);
        }
        if (status >= 300 && status < 400) {
            return PermissionDecision.denied(redirected(response));
        }
        return PermissionDecision.denied(endpoint + " answered " + status);
    }

    private String redirected(HttpResponse<Void> response) {
        String location = response.headers().firstValue("Location").orElse("(no Location)");
        String shown = location.length() > MAX_SHOWN_LOCATION ? location.substring(0, MAX_SHOWN_LOCATION) : location;
        return endpoint + " answered " + response.statusCode() + ", a redirect to " + shown
                + ", which is not followed; the usual cause is a framework's force-HTTPS: exempt this path from it";
    }

    private PermissionDecision explain(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HttpTimeoutException) {
            return PermissionDecision.unknown(endpoint + " did not answer within " + TIMEOUT.toSeconds() + " s");
        }
        return PermissionDecision.unknown(endpoint + " could not be asked (" + cause + ")");
    }
}
