package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.answer.Printable;
import dev.gatehouse.routing.internal.exchange.RequestRefusal;
import dev.gatehouse.routing.internal.exchange.RequestRules;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.UpgradePolicy;
import dev.gatehouse.routing.internal.table.HostName;
import dev.gatehouse.routing.internal.table.PathPrefix;
import dev.gatehouse.routing.internal.table.Route;
import dev.gatehouse.routing.internal.table.RouteTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in the requests that keep to the rules and have a route, and answers all others. Safe for use by several threads. */
final class Entrance {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final RequestRules rules;

    Entrance(RequestRules rules) {
        this.rules = rules;
    }

    void handle(HttpExchange exchange, RouteTable table) {
        RequestRefusal refusal = rules.refusalOf(exchange);
        String target = exchange.requestTarget();
        if (refusal != null) {
            refuse(exchange, refusal);
        } else if (target.equals("*")) {
            answerServerOptions(exchange);
        } else if (exchange.method().equals("CONNECT") && UpgradePolicy.allowed(exchange) == null) {
            refuse(exchange, 501, "CONNECT is not supported here.");
        } else if (!target.startsWith("/")) {
            refuse(exchange, 400, "The request line is malformed.");
        } else {
            route(exchange, target, table);
        }
    }

    private static void route(HttpExchange exchange, String target, RouteTable table) {
        String authority = exchange.authority();
        if (authority == null) {
            refuse(exchange, 400, "The request has no host.");
            return;
        }
        Route route = table.find(authority, target);
        if (route == null) {
            answerWithoutRoute(exchange, authority);
        } else if (table.crossesBoundary(authority, target, route)) {
            refuse(exchange, 400, "The path of the request can be read in different ways.");
        } else {
            pass(exchange, target, route);
        }
    }

    private static void answerWithoutRoute(HttpExchange exchange, String authority) {
        String host = HostName.fromAuthority(authority);
        if (host == null) {
            refuse(exchange, 400, "The host of the request is malformed.");
        } else {
            LOG.debug("{}: no service has this host with the path of the request; answered 404", host);
            Answer.send(exchange, 404, "There is nothing at this address.");
        }
    }

    private static void pass(HttpExchange exchange, String target, Route route) {
        Service service = route.service();
        RoutedExchange routed = service.stripPathPrefix()
                ? new RoutedExchange(exchange, service, route.prefix(), PathPrefix.strip(route.prefix(), target))
                : new RoutedExchange(exchange, service, "/", target);
        try {
            route.entrance().handle(routed);
        } catch (Exception failed) {
            LOG.error("{}: its handler failed; answered 500. See the cause", service.name(), failed);
            Answer.send(exchange, 500, "The request could not be answered.");
        }
    }

    private static void refuse(HttpExchange exchange, int status, String explanation) {
        refuse(exchange, RequestRefusal.of(status, explanation));
    }

    /** What follows a malformed request on its connection may not be what the client believes to have sent. */
    private static void refuse(HttpExchange exchange, RequestRefusal refusal) {
        LOG.info(
                "request from {} for {} of host {}: {} Answered {}; {}",
                exchange.remoteAddress(),
                Printable.of(exchange.requestTarget()),
                Printable.of(String.valueOf(exchange.authority())),
                refusal.explanation(),
                refusal.status(),
                refusal.remedy());
        Answer.sendAndClose(exchange, refusal.status(), refusal.explanation());
    }

    /** {@code OPTIONS *} asks about the server and not about any service (RFC 9110, section 9.3.7). */
    private static void answerServerOptions(HttpExchange exchange) {
        if (!exchange.method().equals("OPTIONS")) {
            refuse(exchange, 400, "The request line is malformed.");
            return;
        }
        try {
            exchange.startResponse(200, HttpFields.of("Content-Length", "0"));
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        } catch (IOException clientGone) {
            exchange.abort(clientGone);
        }
    }
}
