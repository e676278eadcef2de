package dev.gatehouse.examples.proxy;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/** Sends visitors of plain HTTP to HTTPS, with the same host, path and query. */
final class HttpsRedirect implements HttpHandler {

    private final IntSupplier httpsPort;

    /** The port is asked for with each request, since a listener on a free port knows it only once it is bound. */
    HttpsRedirect(IntSupplier httpsPort) {
        this.httpsPort = httpsPort;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        ServerName host = ServerName.ofHost(String.valueOf(exchange.authority()));
        String authority = host.value().indexOf(':') < 0 ? host.value() : '[' + host.value() + ']';
        int number = httpsPort.getAsInt();
        String port = number == 443 ? "" : ":" + number;
        String location = "https://" + authority + port + exchange.requestTarget();
        exchange.startResponse(301, HttpFields.of("Location", location, "Content-Length", "0"));
        exchange.write(ByteBuffer.allocate(0), true, () -> {});
    }
}
