package dev.gatehouse.testing.internal.acme;

import com.sun.net.httpserver.HttpExchange;
import dev.gatehouse.testing.internal.acme.jws.Nonces;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.io.IOException;

/**
 * Sends responses, with what they all have: a nonce where clients may take one (RFC 8555 section 6.5), a link to the
 * directory (section 7.1), no caching.
 */
final class ResponseWriter {
    private final Urls urls;
    private final Nonces nonces;

    ResponseWriter(Urls urls, Nonces nonces) {
        this.urls = urls;
        this.nonces = nonces;
    }

    void write(HttpExchange exchange, AcmeRequest request, AcmeResponse response) throws IOException {
        if (response.delivery() == AcmeResponse.Delivery.LOST) {
            return;
        }
        for (AcmeResponse.Field field : response.fields()) {
            exchange.getResponseHeaders().add(field.name(), field.value());
        }
        if (carriesNonce(request, response)) {
            exchange.getResponseHeaders().add("Replay-Nonce", nonces.issue());
        }
        if (!request.path().segment().equals(Urls.DIRECTORY)) {
            exchange.getResponseHeaders().add("Link", "<" + urls.directory() + ">;rel=\"index\"");
        }
        exchange.getResponseHeaders().add("Cache-Control", "no-store");
        byte[] content = response.bytes();
        if (content.length == 0 || request.method().equals("HEAD")) {
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(response.status(), content.length);
        boolean cut = response.delivery() == AcmeResponse.Delivery.CUT;
        exchange.getResponseBody().write(content, 0, cut ? content.length / 2 : content.length);
        exchange.getResponseBody().flush();
    }

    /** A client that only finds nonces where nobody promised them would fail elsewhere. */
    private static boolean carriesNonce(AcmeRequest request, AcmeResponse response) {
        return request.method().equals("POST")
                || request.path().segment().equals(Urls.NEW_NONCE)
                || response.status() >= 400;
    }
}
