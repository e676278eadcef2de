package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.RenewalInformation;
import dev.gatehouse.acme.internal.renewal.RenewalMoment;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authority when certificates are to be renewed (RFC 9773), and asks again: as often as it wants to be asked, within
 * bounds, and soon when it could not answer.
 */
final class RenewalQuestions {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_AFTER_FAILURE = Duration.ofHours(6);
    private static final int SHARE_OF_LIFETIME = 20;

    private final PipelineTools tools;

    RenewalQuestions(PipelineTools tools) {
        this.tools = tools;
    }

    /** The first question about a certificate, a moment after it was issued. */
    Instant first(Credential credential) {
        Duration longest = RenewalMoment.lifetimeOf(credential).dividedBy(100);
        Duration within = longest.compareTo(SHORTEST) < 0 ? longest : SHORTEST;
        return now().plus(jitter(within));
    }

    /** Asks, and tells what lies ahead then. Never fails. */
    CompletionStage<Prospect> ask(Prospect before, StoredCertificate certificate) {
        Credential credential = certificate.credential();
        return information(certificate)
                .handle((information, failure) -> failure == null
                        ? answered(before, credential, information)
                        : unanswered(before, credential, FlightContext.causeOf(failure)));
    }

    /** Nobody else than its issuer can tell. */
    private CompletionStage<Optional<RenewalInformation>> information(StoredCertificate certificate) {
        try {
            return tools.issuers()
                    .issuerOf(certificate.issuer())
                    .map(issuer -> issuer.renewalInformation(certificate.credential(), tools.context()))
                    .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private Prospect answered(Prospect before, Credential credential, Optional<RenewalInformation> information) {
        RenewalMoment moment = information
                .map(suggestion -> RenewalMoment.suggested(credential, suggestion, now()))
                .orElseGet(() -> RenewalMoment.byLifetime(credential))
                .notBefore(before.restsUntil());
        Duration wait = information
                .map(RenewalInformation::askAgainAfter)
                .map(wanted -> between(SHORTEST, wanted, LONGEST))
                .orElse(LONGEST);
        @Nullable RenewalMoment present = before.renewal().orElse(null);
        boolean isMoved = present == null
                || present.isAnnounced() != moment.isAnnounced()
                || !present.at().equals(moment.at());
        if (isMoved && information.isPresent()) {
            tools.context()
                    .events()
                    .accept(new CertificateEvent.RenewalPlanned(before.plan().subject(), moment.at(), moment.reason()));
        }
        return before.answered(moment, now().plus(wait).plus(jitter(wait.dividedBy(10))));
    }

    private Prospect unanswered(Prospect before, Credential credential, Throwable failure) {
        Duration doubled = SHORTEST.multipliedBy(1L << Math.min(before.vainQuestions(), 10));
        Duration longest = between(
                SHORTEST, RenewalMoment.lifetimeOf(credential).dividedBy(SHARE_OF_LIFETIME), LONGEST_AFTER_FAILURE);
        Duration wait = doubled.compareTo(longest) < 0 ? doubled : longest;
        Instant next = now().plus(wait).plus(jitter(wait.dividedBy(5)));
        if (before.vainQuestions() == 0) {
            log.info(
                    "{}: the authority does not say when to renew it. {} It is asked again at {}, and until then renewed at"
                            + " the time known before.",
                    before.plan(),
                    FlightContext.sentence(failure),
                    next);
        }
        return before.unanswered(next);
    }

    private Duration jitter(Duration upTo) {
        return Duration.ofMillis(tools.context().random().nextLong(Math.max(1, upTo.toMillis())));
    }

    private Instant now() {
        return tools.context().clock().instant();
    }

    private static Duration between(Duration least, Duration value, Duration most) {
        return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
    }
}
