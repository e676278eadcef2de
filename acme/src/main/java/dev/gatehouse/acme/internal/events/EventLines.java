package dev.gatehouse.acme.internal.events;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.event.Level;

/** What the log says of each kind of event. */
final class EventLines {

    private static final Map<Class<?>, Line> LINES = new HashMap<>();

    static {
        says(Level.DEBUG, CertificateEvent.Asked.class, asked -> "may it have a certificate?");
        says(Level.INFO, CertificateEvent.Permitted.class, permitted -> "permitted, " + permitted.reason());
        says(Level.WARN, CertificateEvent.Denied.class, EventLines::denied);
        says(
                Level.WARN,
                CertificateEvent.Limited.class,
                limited -> "refused by " + Step.LIMITS + ": " + limited.reason() + ". Asked again from "
                        + limited.freesAt() + " on.");
        says(Level.WARN, CertificateEvent.PreflightFindings.class, EventLines::preflight);
        says(
                Level.INFO,
                CertificateEvent.OrderedElsewhere.class,
                elsewhere -> "another node is ordering its certificate; waiting for that one");
        says(Level.INFO, CertificateEvent.Ordering.class, ordering -> "ordering at " + ordering.issuer());
        says(
                Level.INFO,
                CertificateEvent.Renewing.class,
                renewing -> "ordering at " + renewing.issuer() + " in place of the certificate that is valid until "
                        + renewing.previousNotAfter() + ", " + renewing.reason());
        says(
                Level.WARN,
                CertificateEvent.FellBack.class,
                fallen ->
                        "not issued by " + fallen.issuer() + ", now asking " + fallen.next() + ". " + fallen.reason());
        says(
                Level.INFO,
                CertificateEvent.Rehearsing.class,
                rehearsing -> "rehearsing at " + rehearsing.issuer() + ", since its last validation has failed");
        says(
                Level.INFO,
                CertificateEvent.Rehearsed.class,
                rehearsed -> "the rehearsal at " + rehearsed.issuer()
                        + " has succeeded; its certificate is thrown away, and the order goes to " + rehearsed.next());
        says(Level.DEBUG, CertificateEvent.Ordered.class, ordered -> "order placed, " + ordered.order());
        says(
                Level.DEBUG,
                CertificateEvent.ChallengePublished.class,
                challenge -> challenge.challengeType() + " answer published");
        says(
                Level.DEBUG,
                CertificateEvent.ChallengeValidated.class,
                challenge -> challenge.challengeType() + " answer accepted");
        says(Level.INFO, CertificateEvent.ChallengeFailed.class, CertificateEvent.ChallengeFailed::reason);
        says(
                Level.INFO,
                CertificateEvent.Issued.class,
                issued -> "issued by " + issued.issuer() + " in "
                        + issued.elapsed().toMillis() + " ms, valid until "
                        + issued.credential().notAfter());
        says(
                Level.INFO,
                CertificateEvent.Renewed.class,
                renewed -> "renewed by " + renewed.issuer() + " in "
                        + renewed.elapsed().toMillis() + " ms, valid until "
                        + renewed.credential().notAfter());
        says(Level.WARN, CertificateEvent.Failed.class, EventLines::failed);
        says(
                Level.INFO,
                CertificateEvent.Loaded.class,
                loaded -> "served from storage, valid until "
                        + loaded.credential().notAfter());
        says(
                Level.INFO,
                CertificateEvent.Expired.class,
                expired -> "its certificate has expired at " + expired.notAfter());
        says(
                Level.WARN,
                CertificateEvent.ServedStale.class,
                stale -> "served with a certificate that has expired at " + stale.notAfter() + ": " + stale.reason());
        says(
                Level.INFO,
                CertificateEvent.Evicted.class,
                evicted -> "left memory, last used "
                        + evicted.lastUse().map(Instant::toString).orElse("never"));
        says(
                Level.DEBUG,
                CertificateEvent.RenewalPlanned.class,
                planned -> "to be renewed at " + planned.at() + ": " + planned.reason());
        says(
                Level.WARN,
                CertificateEvent.NotRenewed.class,
                held -> "not renewed: " + clause(held.reason()) + ". It is served until it expires at "
                        + held.notAfter() + ".");
        says(
                Level.WARN,
                CertificateEvent.Dropped.class,
                dropped -> "not served any more, it expired at " + dropped.notAfter() + ": " + dropped.reason());
        says(
                Level.WARN,
                CertificateEvent.SplitOff.class,
                split -> "tried alone from now on, so that " + split.group() + " gets its certificate: "
                        + split.reason());
        says(
                Level.INFO,
                CertificateEvent.Revoked.class,
                revoked -> "revoked (" + revoked.reason() + "), "
                        + (revoked.isReplaced() ? "a new one is served" : "its record is deleted"));
        says(Level.WARN, CertificateEvent.DamagedRecord.class, CertificateEvent.DamagedRecord::reason);
    }

    private EventLines() {}

    /**
     * A line of the log, without the name at its beginning.
     *
     * @param level its level
     * @param text makes its text
     */
    record Line(Level level, Function<CertificateEvent, String> text) {}

    static Line of(CertificateEvent event) {
        return LINES.getOrDefault(event.getClass(), new Line(Level.INFO, CertificateEvent::toString));
    }

    private static <E extends CertificateEvent> void says(Level level, Class<E> kind, Function<E, String> text) {
        LINES.put(kind, new Line(level, event -> text.apply(kind.cast(event))));
    }

    private static String clause(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String denied(CertificateEvent.Denied denied) {
        String refused = "refused by " + Step.PERMISSION + ": " + denied.reason() + ". Asked again from "
                + denied.askedAgain() + " on.";
        return denied.servedUntil()
                .map(end -> refused + " Its certificate is served on until " + end + ".")
                .orElse(refused);
    }

    private static String preflight(CertificateEvent.PreflightFindings preflight) {
        String findings = String.join(" ", preflight.findings());
        return preflight.isOrdered() ? "ordered in spite of this: " + findings : "not ordered: " + findings;
    }

    private static String failed(CertificateEvent.Failed failed) {
        String what = failed.step() == Step.ORDER ? "not issued. " : failed.step() + " failed. ";
        return what + failed.reason() + " Next try from " + failed.nextTry() + " on.";
    }
}
