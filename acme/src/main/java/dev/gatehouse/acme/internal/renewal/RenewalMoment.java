package dev.gatehouse.acme.internal.renewal;

import dev.gatehouse.acme.RenewalInformation;
import dev.gatehouse.tls.Credential;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * When a certificate is to be replaced, and why then. The moment is drawn at random, but from the certificate itself: a
 * restart and another node draw the same, and only another window makes another draw.
 *
 * @param at the moment
 * @param reason why then, a clause
 * @param isAnnounced whether the authority has suggested it (RFC 9773)
 */
public record RenewalMoment(Instant at, String reason, boolean isAnnounced) {

    /** The share of the lifetime that is left when a certificate is renewed, if nobody suggests another time. */
    private static final int SHARE_LEFT = 3;

    /** Certificates that were issued together are renewed over this share of their lifetime. */
    private static final int SHARE_OF_JITTER = 24;

    private static final int SHARE_OF_MARGIN = 10;
    private static final Duration SHORTEST_MARGIN = Duration.ofHours(1);

    /** When a third of the lifetime is left, or up to a twenty-fourth earlier. */
    public static RenewalMoment byLifetime(Credential credential) {
        Duration lifetime = lifetimeOf(credential);
        Duration jitter = share(lifetime.dividedBy(SHARE_OF_JITTER), draw(credential, 0));
        Instant at = credential.notAfter().minus(lifetime.dividedBy(SHARE_LEFT)).minus(jitter);
        return new RenewalMoment(at, "a third of its lifetime is left", false);
    }

    /** A moment in the window that the authority suggests, but not so late that there is no time for failures. */
    public static RenewalMoment suggested(Credential credential, RenewalInformation information, Instant now) {
        Instant start = information.start();
        Instant end = information.end();
        double draw = draw(credential, start.toEpochMilli() ^ Long.rotateLeft(end.toEpochMilli(), 32));
        Instant chosen = start.plus(share(Duration.between(start, end), draw));
        Instant latest = latest(credential);
        String explained =
                information.explanation().map(page -> ", see " + page).orElse("");
        if (end.isBefore(now)) {
            return new RenewalMoment(chosen, "the authority wants it replaced at once" + explained, true);
        }
        return chosen.isAfter(latest)
                ? new RenewalMoment(
                        latest, "it ends soon, though the authority suggests a later time" + explained, true)
                : new RenewalMoment(chosen, "the authority suggests it for " + start + " to " + end + explained, true);
    }

    /**
     * The last moment to begin: a tenth of the lifetime before the end, and an hour at least, unless that is more than a
     * third of the lifetime.
     */
    public static Instant latest(Credential credential) {
        Duration lifetime = lifetimeOf(credential);
        Duration tenth = lifetime.dividedBy(SHARE_OF_MARGIN);
        Duration third = lifetime.dividedBy(SHARE_LEFT);
        Duration atLeast = third.compareTo(SHORTEST_MARGIN) < 0 ? third : SHORTEST_MARGIN;
        return credential.notAfter().minus(tenth.compareTo(atLeast) < 0 ? atLeast : tenth);
    }

    /** The same, but not before a moment. */
    public RenewalMoment notBefore(Instant earliest) {
        return at.isBefore(earliest) ? new RenewalMoment(earliest, reason, isAnnounced) : this;
    }

    public static Duration lifetimeOf(Credential credential) {
        return Duration.between(credential.notBefore(), credential.notAfter());
    }

    private static double draw(Credential credential, long window) {
        return new SplittableRandom(credential.serialNumber().longValue() ^ window).nextDouble();
    }

    private static Duration share(Duration whole, double share) {
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }
}
