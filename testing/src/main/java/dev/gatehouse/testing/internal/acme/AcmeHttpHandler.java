package dev.gatehouse.testing.internal.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.gatehouse.testing.internal.acme.fault.FaultInjector;
import dev.gatehouse.testing.internal.acme.jws.Nonces;
import dev.gatehouse.testing.internal.acme.resource.Resource;
import dev.gatehouse.testing.internal.acme.state.Counters;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests to the resources and responses back, with what every response has (RFC 8555 section 6.5). */
public final class AcmeHttpHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");
    private static final int MAX_BODY = 64 * 1024;

    private final Urls urls;
    private final Nonces nonces;
    private final Counters counters;
    private final Map<String, Resource> resources;
    private final FaultInjector faults;

    /**
     * Makes a handler.
     *
     * @param service the server behind it
     */
    public AcmeHttpHandler(AcmeService service) {
        this.urls = service.urls();
        this.nonces = service.nonces();
        this.counters = service.counters();
        this.resources = service.resources();
        this.faults = new FaultInjector(service.faults());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            counters.request();
            Optional<AcmeResponse> response = answer(exchange);
            if (response.isPresent()) {
                send(exchange, response.get());
            }
        } catch (IOException clientLeft) {
            LOG.info("{} was not answered: the client closed the connection. Nothing has to be done.", line(exchange));
            throw clientLeft;
        }
    }

    /** {@return the response, or empty to close the connection in its place} */
    private Optional<AcmeResponse> answer(HttpExchange exchange) throws IOException {
        try {
            AcmeRequest request = read(exchange);
            Resource resource = resources.get(request.path().segment());
            if (resource == null) {
                throw notFound(request.url());
            }
            return faults.answer(request, resource);
        } catch (ProblemException refusal) {
            return Optional.of(refused(exchange, refusal));
        } catch (RuntimeException unexpected) {
            LOG.error("{} broke off", line(exchange), unexpected);
            Problem failure =
                    Problem.of(ProblemType.SERVER_INTERNAL, "The request broke off: " + unexpected + ". See the log.");
            return Optional.of(refused(exchange, failure.exception()));
        }
    }

    private AcmeRequest read(HttpExchange exchange) throws IOException, ProblemException {
        URI target = exchange.getRequestURI();
        String path = Optional.ofNullable(target.getRawPath()).orElse("");
        String url = urls.base() + path + (target.getRawQuery() == null ? "" : '?' + target.getRawQuery());
        return new AcmeRequest(
                exchange.getRequestMethod(),
                url,
                ResourcePath.parse(path).orElseThrow(() -> notFound(url)),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                body(exchange));
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

    private AcmeResponse refused(HttpExchange exchange, ProblemException refusal) {
        counters.refusedRequest();
        Problem problem = refusal.problem();
        LOG.info(
                "{} refused, {} {}: {}",
                line(exchange),
                problem.status(),
                problem.type().token(),
                Text.oneLine(problem.detail()));
        return AcmeResponse.problem(refusal);
    }

    /** {@return method and target, for the log} */
    private static String line(HttpExchange exchange) {
        return Text.oneLine(exchange.getRequestMethod() + ' ' + exchange.getRequestURI());
    }

    private void send(HttpExchange exchange, AcmeResponse response) throws IOException {
        for (AcmeResponse.Field field : response.fields()) {
            exchange.getResponseHeaders().add(field.name(), field.value());
        }
        exchange.getResponseHeaders().add("Replay-Nonce", nonces.issue());
        exchange.getResponseHeaders().add("Link", "<" + urls.directory() + ">;rel=\"index\"");
        exchange.getResponseHeaders().add("Cache-Control", "no-store");
        byte[] content = response.content().getBytes(StandardCharsets.UTF_8);
        if (content.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(response.status(), -1);
        } else {
            exchange.sendResponseHeaders(response.status(), content.length);
            exchange.getResponseBody().write(content);
        }
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
