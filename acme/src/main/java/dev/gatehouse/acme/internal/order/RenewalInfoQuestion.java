package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.RenewalInformation;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.toolbox.JSON;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks when a certificate is to be renewed (RFC 9773, section 4). No account is needed for that. */
final class RenewalInfoQuestion {

    private static final Logger log = LoggerFactory.getLogger(AcmeOrders.class);

    /** Bounds for {@code Retry-After}, and what holds without one: RFC 9773, section 4.3. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Duration USUAL = Duration.ofHours(6);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Session session;
    private final InstantSource clock;

    RenewalInfoQuestion(Session session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
    }

    /** Empty if the authority gives no such information. Blocks. */
    Optional<RenewalInformation> ask(String certificateId) throws AcmeException {
        Optional<URL> resource = session.resourceUrlOptional(Resource.RENEWAL_INFO);
        if (resource.isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = session.connect()) {
            connection.sendRequest(urlOf(resource.get(), certificateId), session, null);
            return read(connection.readJsonResponse(), certificateId, retryAfter(connection));
        }
    }

    private static URL urlOf(URL resource, String certificateId) {
        String base = resource.toExternalForm();
        try {
            return URI.create(base + (base.endsWith("/") ? "" : "/") + certificateId)
                    .toURL();
        } catch (MalformedURLException | IllegalArgumentException odd) {
            throw new AcmeProtocolException("the URL of its renewal information is " + base, odd);
        }
    }

    private static Optional<RenewalInformation> read(JSON json, String certificateId, Duration askAgainAfter) {
        JSON.Value window = json.get("suggestedWindow");
        if (!window.isPresent()) {
            throw new AcmeProtocolException("the renewal information has no suggestedWindow");
        }
        Instant start = window.asObject().get("start").asInstant();
        Instant end = window.asObject().get("end").asInstant();
        if (end.isBefore(start)) {
            log.warn(
                    "certificate {}: its renewal window ends at {}, before it starts at {}, and is not regarded. Tell the"
                            + " certificate authority.",
                    certificateId,
                    end,
                    start);
            return Optional.empty();
        }
        return Optional.of(new RenewalInformation(start, end, explanation(json), askAgainAfter));
    }

    /** A page that is none must not spoil the window. */
    private static Optional<URI> explanation(JSON json) {
        try {
            return json.get("explanationURL").map(JSON.Value::asString).map(URI::create);
        } catch (IllegalArgumentException | AcmeProtocolException odd) {
            return Optional.empty();
        }
    }

    private Duration retryAfter(Connection connection) {
        Optional<Instant> asked;
        try {
            asked = connection.getRetryAfter();
        } catch (AcmeProtocolException unreadable) {
            return USUAL;
        }
        return asked.map(moment -> Duration.between(clock.instant(), moment))
                .map(RenewalInfoQuestion::clamp)
                .orElse(USUAL);
    }

    private static Duration clamp(Duration asked) {
        if (asked.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
