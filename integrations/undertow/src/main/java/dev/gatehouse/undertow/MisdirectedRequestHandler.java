package dev.gatehouse.undertow;

import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.TlsAdmission;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with 421 Misdirected Request (RFC 9110, section 15.5.20) if a request is for a host whose connection policy is
 * another than that of the connection. A client that has to show a certificate for one host could else leave it out by
 * connecting for another one. For the same reason a host that is none is answered with 400 (RFC 9112, section 3.2): the
 * next handler might understand it.
 */
final class MisdirectedRequestHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(GatehouseUndertow.class);

    private enum Verdict {
        SERVE(200, ""),
        NO_HOST(400, "Bad Request: Host is not one server name"),
        MISDIRECTED(421, "Misdirected Request: this host is served on a connection of its own");

        private final int status;
        private final String text;

        Verdict(int status, String text) {
            this.status = status;
            this.text = text;
        }
    }

    private final HttpHandler next;

    MisdirectedRequestHandler(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Verdict verdict = AdmittedSession.of(exchange)
                .map(admission -> verdict(exchange, admission))
                .orElse(Verdict.SERVE);
        if (verdict == Verdict.SERVE) {
            next.handleRequest(exchange);
        } else {
            refuse(exchange, verdict);
        }
    }

    private static Verdict verdict(HttpServerExchange exchange, TlsAdmission.Granted admission) {
        HeaderValues hosts = exchange.getRequestHeaders().get(Headers.HOST);
        if (hosts != null && hosts.size() > 1) {
            return Verdict.NO_HOST;
        }
        String authority = RequestHead.requestedAuthority(exchange);
        if (authority == null || isFor(admission.serverName(), authority)) {
            return Verdict.SERVE;
        }
        try {
            return admission.mayServe(ServerName.ofHost(authority)) ? Verdict.SERVE : Verdict.MISDIRECTED;
        } catch (InvalidNameException noName) {
            return Verdict.NO_HOST;
        }
    }

    /** Compares without making a name of the authority, since nearly all requests are for the name of their connection. */
    private static boolean isFor(Optional<ServerName> serverName, String authority) {
        if (serverName.isEmpty()) {
            return false;
        }
        String name = serverName.get().value();
        return authority.startsWith(name) && (authority.length() == name.length() || isPort(authority, name.length()));
    }

    private static boolean isPort(String authority, int start) {
        if (authority.charAt(start) != ':') {
            return false;
        }
        for (int i = start + 1; i < authority.length(); i++) {
            if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static void refuse(HttpServerExchange exchange, Verdict verdict) {
        LOG.info(
                "Request from {} for host {} on a connection for {}: {} (answered {})",
                exchange.getSourceAddress(),
                RequestHead.requestedAuthority(exchange),
                AdmittedSession.of(exchange)
                        .flatMap(TlsAdmission.Granted::serverName)
                        .map(ServerName::value)
                        .orElse("no server name"),
                verdict.text,
                verdict.status);
        if (verdict == Verdict.NO_HOST) {
            // What follows on the connection may not be what the client believes to have sent.
            exchange.setPersistent(false);
        }
        exchange.setStatusCode(verdict.status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(verdict.text + "\n");
    }
}
