package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.renewal.RenewalMoment;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Asks the permission again before a name that a visitor asked for is renewed. While it cannot answer the renewal waits, but
 * not past the last good moment: a hook that is down takes no certificate away, unless it has denied the name before.
 */
final class RenewalPermission {

    private static final Duration ASKED_AGAIN = Duration.ofDays(1);
    private static final int SHARE_OF_THE_REST = 20;

    private final PipelineTools tools;

    RenewalPermission(PipelineTools tools) {
        this.tools = tools;
    }

    /**
     * What the permission says of a renewal.
     *
     * @param verdict allowed, denied, or unknown
     * @param reason why
     * @param askedAgain when it is asked again, unless it allows
     */
    record Answer(Verdict verdict, String reason, Instant askedAgain) {}

    CompletionStage<Answer> ask(ServerName name, Credential credential) {
        Instant now = tools.context().clock().instant();
        boolean isLastMoment = !now.isBefore(RenewalMoment.latest(credential));
        return tools.permission()
                .decide(new PermissionRequest(name, Optional.empty()), isLastMoment)
                .thenApply(decision -> tell(name, credential, decision, now));
    }

    private Answer tell(ServerName name, Credential credential, PermissionDecision decision, Instant now) {
        Duration rest = Duration.between(now, credential.notAfter());
        Instant askedAgain = now.plus(
                decision.verdict() == Verdict.DENIED
                        ? shorter(ASKED_AGAIN, rest)
                        : shorter(Duration.ofHours(1), rest.dividedBy(SHARE_OF_THE_REST)));
        tools.context()
                .events()
                .accept(
                        decision.isAllowed()
                                ? new CertificateEvent.Permitted(name, decision.reason())
                                : new CertificateEvent.Denied(
                                        name,
                                        decision.verdict(),
                                        decision.reason(),
                                        askedAgain,
                                        Optional.of(credential.notAfter())));
        return new Answer(decision.verdict(), decision.reason(), askedAgain);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
