package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.tls.NoCertificateException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of a flight that brought no certificate: one object for all who waited, and for those who ask again too early. It
 * has no stack trace, for it may be made for every stranger that knocks.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Step step;
    private final String reason;
    private final Instant until;
    private final Kind kind;
    private final AtomicBoolean staleTold = new AtomicBoolean();

    /** Why there is no certificate, and what happens next. */
    enum Kind {
        /** Somebody or something decided against it; the next visitor after a while sets it going again. */
        DECIDED,
        /** The authority may not be asked now; it is tried again. */
        POSTPONED,
        /** It was tried in vain; it is tried again. */
        FAILED,
        /** Storage cannot be read; the next visitor after a moment looks again. */
        UNREADABLE,
        /** The manager is closed. */
        CLOSED
    }

    private Refusal(Kind kind, Step step, String reason, Instant until) {
        super(reason, null, false, false);
        this.kind = kind;
        this.step = step;
        this.reason = reason;
        this.until = until;
    }

    /** A decision against a certificate; the reason is a clause without a full stop. */
    static Refusal decided(Step step, String reason, Instant until) {
        return new Refusal(Kind.DECIDED, step, "refused by " + step + ": " + reason + ".", until);
    }

    /** A pause of the authority; the reason is a clause without a full stop. */
    static Refusal postponed(String reason, Instant until) {
        return new Refusal(Kind.POSTPONED, Step.LIMITS, "refused by " + Step.LIMITS + ": " + reason + ".", until);
    }

    /** An attempt that did not succeed; the reason is whole sentences. */
    static Refusal failed(Step step, String reason, Instant until) {
        return new Refusal(step == Step.STORAGE ? Kind.UNREADABLE : Kind.FAILED, step, reason, until);
    }

    static Refusal closed() {
        return new Refusal(Kind.CLOSED, Step.LIMITS, "the certificate manager is closed.", Instant.MAX);
    }

    Kind kind() {
        return kind;
    }

    Step step() {
        return step;
    }

    /** Whole sentences. */
    public String reason() {
        return reason;
    }

    /** From when on a handshake sets things going again. */
    Instant until() {
        return until;
    }

    /** Whether it is tried again without a visitor. */
    boolean isRetried() {
        return kind == Kind.FAILED || kind == Kind.POSTPONED;
    }

    /** What a handshake is told, and what its log line says. */
    public NoCertificateException forHandshake() {
        return new NoCertificateException(
                switch (kind) {
                    case DECIDED, POSTPONED -> reason + " Asked again from " + until + " on.";
                    case FAILED, UNREADABLE -> reason + " Next try from " + until + " on.";
                    case CLOSED -> reason;
                });
    }

    /** True for the first who serves an expired certificate for this reason, who tells of it for all. */
    public boolean isFirstToServeStale() {
        return staleTold.compareAndSet(false, true);
    }
}
