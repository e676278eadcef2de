package dev.gatehouse.acme.internal.permission;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests of which only the status matters. So many are on their way at the same time, so many wait, and a body is
 * read only as far as it lets the connection be used again. Its client is opened with the first request.
 */
final class BoundedHttpClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BoundedHttpClient.class);

    private static final int MAX_WAITING = 1_000;
    private static final int THREADS = 2;

    private final Duration timeout;
    private final int maximumConnections;
    private final Optional<SSLContext> tls;

    private final Object lock = new Object();
    private final Queue<Exchange> waiting = new ArrayDeque<>();
    private final Set<Exchange> underway = new HashSet<>();
    private @Nullable HttpClient client;
    private @Nullable ExecutorService threads;
    private boolean closed;

    BoundedHttpClient(Duration timeout, int maximumConnections, Optional<SSLContext> tls) {
        this.timeout = timeout;
        this.maximumConnections = maximumConnections;
        this.tls = tls;
    }

    /** A request was not sent. */
    static final class BusyException extends IOException {

        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }

    /** A request with its answer, which comes before the connection is free again. */
    private static final class Exchange {

        private final HttpRequest request;
        private final CompletableFuture<HttpResponse<Void>> answer = new CompletableFuture<>();

        Exchange(HttpRequest request) {
            this.request = request;
        }
    }

    /** Never blocks. */
    CompletableFuture<HttpResponse<Void>> send(HttpRequest request) {
        Exchange exchange = new Exchange(request);
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new BusyException("the permission is closed"));
            }
            if (underway.size() >= maximumConnections) {
                if (waiting.size() >= MAX_WAITING) {
                    return CompletableFuture.failedFuture(
                            new BusyException(MAX_WAITING + " questions are waiting already"));
                }
                waiting.add(exchange);
                return exchange.answer;
            }
            underway.add(exchange);
        }
        start(exchange);
        return exchange.answer;
    }

    private void start(Exchange exchange) {
        HttpClient opened;
        synchronized (lock) {
            if (closed) {
                return;
            }
            opened = open();
        }
        DiscardedBody body = new DiscardedBody(timeout);
        CompletableFuture<HttpResponse<Void>> unused = opened.sendAsync(exchange.request, head -> body)
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((response, failure) -> {
                    if (failure == null) {
                        body.finished().whenComplete((done, broken) -> free(exchange));
                        exchange.answer.complete(response);
                    } else {
                        free(exchange);
                        exchange.answer.completeExceptionally(failure);
                    }
                });
    }

    /** Lets the next one begin. */
    private void free(Exchange exchange) {
        Exchange next;
        synchronized (lock) {
            underway.remove(exchange);
            next = closed ? null : waiting.poll();
            if (next != null) {
                underway.add(next);
            }
        }
        if (next != null) {
            start(next);
        }
    }

    private HttpClient open() {
        HttpClient opened = client;
        if (opened == null) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), BoundedHttpClient::thread);
            pool.allowCoreThreadTimeOut(true);
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(timeout)
                    .executor(pool)
                    .version(HttpClient.Version.HTTP_1_1);
            tls.ifPresent(builder::sslContext);
            opened = builder.build();
            client = opened;
            threads = pool;
        }
        return opened;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "gatehouse-ask-http");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        Set<Exchange> unanswered;
        HttpClient dropped;
        ExecutorService stopped;
        synchronized (lock) {
            closed = true;
            unanswered = new HashSet<>(underway);
            unanswered.addAll(waiting);
            waiting.clear();
            dropped = client;
            stopped = threads;
            client = null;
            threads = null;
        }
        BusyException why = new BusyException("the permission is closed");
        unanswered.forEach(exchange -> exchange.answer.completeExceptionally(why));
        if (dropped != null) {
            shutDown(dropped);
        }
        if (stopped != null) {
            stopped.shutdown();
        }
    }

    /** From JDK 21 on a client can be told; before, it ends when nobody holds it any more. */
    private static void shutDown(HttpClient client) {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (NoSuchMethodException olderJdk) {
            log.debug("The HTTP client of a permission ends when it is collected");
        } catch (ReflectiveOperationException failure) {
            log.debug("The HTTP client of a permission could not be shut down", failure);
        }
    }
}
