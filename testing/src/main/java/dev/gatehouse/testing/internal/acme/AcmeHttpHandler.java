package dev.gatehouse.testing.internal.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.internal.acme.fault.FaultEffect;
import dev.gatehouse.testing.internal.acme.resource.Resource;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries requests to the resources and responses back, and lets the planned faults happen on the way. A response that is
 * held back holds no thread.
 */
public final class AcmeHttpHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");
    private static final String LEFT = "{} was not answered: the client closed the connection. Nothing has to be done.";
    private static final int MAX_BODY = 64 * 1024;

    private final AcmeService service;
    private final Executor threads;
    private final ResponseWriter writer;
    private final Map<String, Resource> resources;

    /**
     * Makes a handler.
     *
     * @param service the server behind it
     * @param threads where requests go on that were held back
     */
    public AcmeHttpHandler(AcmeService service, Executor threads) {
        this.service = service;
        this.threads = threads;
        this.writer = new ResponseWriter(service.urls(), service.nonces());
        this.resources = service.resources();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        service.counters().request();
        AcmeRequest request;
        try {
            request = read(exchange);
        } catch (ProblemException refusal) {
            finish(exchange, unread(exchange), unread -> {
                throw refusal;
            });
            return;
        } catch (IOException clientLeft) {
            LOG.info(LEFT, line(unread(exchange)));
            throw clientLeft;
        }
        Optional<FaultEffect> fault = resource(request).flatMap(service.faults()::take);
        if (fault.isEmpty()) {
            finish(exchange, request, this::usual);
        } else {
            meet(exchange, request, fault.get());
        }
    }

    private void meet(HttpExchange exchange, AcmeRequest request, FaultEffect fault) throws IOException {
        LOG.info("{} meets an injected fault: {}", line(request), fault);
        CompletionStage<?> hold = fault.hold();
        if (hold.toCompletableFuture().isDone()) {
            finish(exchange, request, it -> fault.answer(it, this::usual));
        } else {
            hold.whenCompleteAsync((done, failure) -> resume(exchange, request, fault), threads)
                    .whenComplete((done, refusedByThreads) -> exchange.close());
        }
    }

    private void resume(HttpExchange exchange, AcmeRequest request, FaultEffect fault) {
        try {
            finish(exchange, request, it -> fault.answer(it, this::usual));
        } catch (IOException clientLeft) {
            LOG.debug("{} was held back for too long", line(request), clientLeft);
        }
    }

    private void finish(HttpExchange exchange, AcmeRequest request, FaultEffect.Responder responder)
            throws IOException {
        try (exchange) {
            AcmeResponse response = answer(request, responder);
            service.record(request, resource(request), response);
            writer.write(exchange, request, response);
        } catch (IOException clientLeft) {
            LOG.info(LEFT, line(request));
            throw clientLeft;
        }
    }

    private static Optional<AcmeResource> resource(AcmeRequest request) {
        return AcmeResources.at(request.path());
    }

    private AcmeResponse usual(AcmeRequest request) throws ProblemException {
        Resource resource = resources.get(request.path().segment());
        if (resource == null) {
            throw notFound(request.url());
        }
        return resource.answer(request);
    }

    private AcmeResponse answer(AcmeRequest request, FaultEffect.Responder responder) {
        try {
            return responder.answer(request);
        } catch (ProblemException refusal) {
            return refused(request, refusal);
        } catch (RuntimeException unexpected) {
            LOG.error("{} broke off", line(request), unexpected);
            Problem failure =
                    Problem.of(ProblemType.SERVER_INTERNAL, "The request broke off: " + unexpected + ". See the log.");
            return refused(request, failure.exception());
        }
    }

    private AcmeRequest read(HttpExchange exchange) throws IOException, ProblemException {
        String url = url(exchange);
        String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
        ResourcePath resource = ResourcePath.parse(path).orElseThrow(() -> notFound(url));
        return request(exchange, resource, body(exchange));
    }

    private AcmeRequest unread(HttpExchange exchange) {
        String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
        return request(exchange, ResourcePath.parse(path).orElse(ResourcePath.NOTHING), "");
    }

    private AcmeRequest request(HttpExchange exchange, ResourcePath path, String body) {
        return new AcmeRequest(
                exchange.getRequestMethod(),
                url(exchange),
                path,
                exchange.getRequestHeaders().getFirst("User-Agent"),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                body);
    }

    private String url(HttpExchange exchange) {
        URI target = exchange.getRequestURI();
        String path = Optional.ofNullable(target.getRawPath()).orElse("");
        return service.urls().base() + path + (target.getRawQuery() == null ? "" : '?' + target.getRawQuery());
    }

    private static String body(HttpExchange exchange) throws IOException, ProblemException {
        byte[] content = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (content.length > MAX_BODY) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The request content is longer than " + MAX_BODY + " bytes. Send less: fewer names, or a"
                                    + " smaller signing request.")
                    .withStatus(413)
                    .exception();
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private AcmeResponse refused(AcmeRequest request, ProblemException refusal) {
        service.counters().refusedRequest();
        Problem problem = refusal.problem();
        LOG.info(
                "{} refused, {} {}: {}",
                line(request),
                problem.status(),
                problem.type().token(),
                Text.oneLine(problem.detail()));
        return AcmeResponse.problem(refusal);
    }

    /** {@return method and target, for the log} */
    private String line(AcmeRequest request) {
        return Text.oneLine(request.method()
                + ' '
                + request.url().substring(service.urls().base().length()));
    }

    private static ProblemException notFound(String url) {
        return Problem.of(
                        ProblemType.MALFORMED,
                        "There is nothing at " + Text.quote(url) + ". Begin at /" + Urls.DIRECTORY
                                + " and follow the URLs in it.")
                .withStatus(404)
                .exception();
    }
}
