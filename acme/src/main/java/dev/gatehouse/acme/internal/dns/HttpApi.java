package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.DnsProviderException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends a request and waits for the whole response, bounded in time and length. Follows no redirects. */
public final class HttpApi {

    private static final int LONGEST_BODY = 2 * 1024 * 1024;

    private final String subject;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Makes a sender.
     *
     * @param subject names the service in messages
     * @param timeout how long a request with its response may take
     */
    HttpApi(String subject, Duration timeout) {
        this.subject = subject;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** Blocks until the response is there. */
    HttpReply send(HttpRequest request) throws DnsProviderException {
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(request, BoundedText.upTo(LONGEST_BODY));
        try {
            HttpResponse<String> arrived = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new HttpReply(arrived.statusCode(), arrived.headers(), arrived.body());
        } catch (TimeoutException late) {
            response.cancel(true);
            throw late(late);
        } catch (InterruptedException stopped) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw DnsProviderException.unavailable(
                    subject + " was not waited for: the thread was interrupted.", stopped);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (cause instanceof HttpTimeoutException) {
                throw late(cause);
            }
            throw DnsProviderException.unavailable(
                    subject + " cannot be reached (" + describe(cause) + "). Check its address and the network.",
                    cause);
        }
    }

    private DnsProviderException late(Throwable cause) {
        return DnsProviderException.unavailable(
                subject + " did not answer within " + Texts.show(timeout) + ". Check it, or set a longer time-out.",
                cause);
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof IOException && message != null
                ? Texts.oneLine(message)
                : cause.getClass().getSimpleName();
    }

    /** Checks the address of a service. */
    public static URI requireEndpoint(String subject, URI endpoint) {
        String scheme = endpoint.getScheme();
        boolean isHttp = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!isHttp || endpoint.getHost() == null) {
            throw new IllegalArgumentException(subject + " '" + endpoint
                    + "' is not an absolute http or https URI. Write it as https://host/path.");
        }
        if (endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            throw new IllegalArgumentException(subject + " at " + endpoint.getHost()
                    + " has credentials, a query or a fragment in its URI. Leave them out; credentials have settings of"
                    + " their own.");
        }
        return endpoint;
    }

    /** Checks a time-out. */
    public static Duration requireTimeout(Duration timeout, Duration longest) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: more than zero, at most " + longest + ")");
        }
        return timeout;
    }

    /** {@return an endpoint with more path behind it} */
    static URI resolve(URI endpoint, String path) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
