package dev.gatehouse.testing.internal.revocation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.gatehouse.testing.internal.pki.Issuer;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OCSP over HTTP by POST and GET (RFC 6960 appendix A), revocation lists and the certificates of issuers (RFC 5280 section
 * 4.2.1.13 and 4.2.2.1). Thread safe.
 */
public final class RevocationHttpHandler implements HttpHandler {
    /** Where the responder is, below which a GET has its request in base 64. */
    public static final String OCSP = "/ocsp";

    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.RevocationServer");
    private static final int LONGEST_REQUEST = 64 * 1024;

    private final OcspResponder responder;
    private final RevocationLists lists;
    private final Map<String, Issuer> issuers;
    private final AtomicInteger ocspRequests = new AtomicInteger();
    private final AtomicInteger listRequests = new AtomicInteger();
    private volatile boolean available = true;

    /**
     * Makes a handler.
     *
     * @param responder answers OCSP
     * @param lists makes the lists
     * @param issuers the issuers by the names of their files, without endings
     */
    public RevocationHttpHandler(OcspResponder responder, RevocationLists lists, Map<String, Issuer> issuers) {
        this.responder = responder;
        this.lists = lists;
        this.issuers = Map.copyOf(issuers);
    }

    /** {@return how many OCSP requests have come} */
    public int ocspRequests() {
        return ocspRequests.get();
    }

    /** {@return how often a list was asked for} */
    public int listRequests() {
        return listRequests.get();
    }

    /** Answers with an error from now on, or no more. */
    public void setAvailable(boolean newAvailable) {
        available = newAvailable;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            // Decodes %2F, and leaves '+' alone, which is one of the digits of base 64.
            String path = exchange.getRequestURI().getPath();
            if (path.equals(OCSP) || path.startsWith(OCSP + '/')) {
                ocspRequests.incrementAndGet();
                answerOcsp(exchange, path);
            } else {
                answerFile(exchange, path);
            }
        } catch (RuntimeException unexpected) {
            LOG.error("{} could not be answered", exchange.getRequestURI(), unexpected);
            throw unexpected;
        }
    }

    private void answerOcsp(HttpExchange exchange, String path) throws IOException {
        byte[] answer;
        if (!available) {
            answer = responder.tryLater();
        } else if (exchange.getRequestMethod().equals("POST")) {
            answer = responder.answer(exchange.getRequestBody().readNBytes(LONGEST_REQUEST));
        } else if (exchange.getRequestMethod().equals("GET")) {
            answer = responder.answer(decode(path.substring(Math.min(path.length(), OCSP.length() + 1))));
        } else {
            refuse(exchange, 405, "Use GET or POST");
            return;
        }
        send(exchange, "application/ocsp-response", answer);
    }

    /** What is no base 64 becomes an empty request, which the responder refuses as it refuses all that it cannot read. */
    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    private void answerFile(HttpExchange exchange, String path) throws IOException {
        int dot = path.lastIndexOf('.');
        Issuer issuer = dot < 1 ? null : issuers.get(path.substring(1, dot));
        boolean list = path.endsWith(".crl");
        if (issuer == null || !(list || path.endsWith(".cer"))) {
            refuse(exchange, 404, "There is nothing here. Use an address that a certificate of this CA names");
        } else if (!list) {
            send(exchange, "application/pkix-cert", encoded(issuer));
        } else {
            listRequests.incrementAndGet();
            if (available) {
                send(exchange, "application/pkix-crl", lists.of(issuer));
            } else {
                exchange.sendResponseHeaders(503, -1);
            }
        }
    }

    private static byte[] encoded(Issuer issuer) {
        try {
            return issuer.certificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("This JDK cannot encode a certificate.", e);
        }
    }

    private static void refuse(HttpExchange exchange, int status, String remedy) throws IOException {
        LOG.warn("{} {} refused with {}. {}.", exchange.getRequestMethod(), exchange.getRequestURI(), status, remedy);
        exchange.sendResponseHeaders(status, -1);
    }

    /** Nobody may keep an answer: the next test revokes another certificate. */
    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
