package dev.gatehouse.acme;

import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A certificate was not issued. The message says at which step, why, and what to do. */
public final class IssuanceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is at fault. */
    private final Kind kind;

    /** How long the certificate authority asks to wait. */
    private final @Nullable Duration retryAfter;

    /** What the problem document of the authority says it is. */
    private final @Nullable String problem;

    /** Which of several names is at fault. */
    private final transient @Nullable SubjectName name;

    /** What is at fault, which decides who has to wait. */
    public enum Kind {
        /** The authority refuses the order for a reason of its own, or the settings do not fit. */
        REFUSED,
        /** The authority has looked at the answer to a challenge and is not content. */
        VALIDATION_FAILED,
        /** A limit of the authority is used up (RFC 8555, section 6.6). */
        RATE_LIMITED,
        /** The authority cannot be reached, or has a fault of its own. It says nothing about the name. */
        AUTHORITY_FAILED
    }

    /**
     * Makes an exception of kind {@link Kind#REFUSED}.
     *
     * @param message what went wrong, whole sentences
     * @param cause what was thrown, if anything
     */
    public IssuanceException(String message, @Nullable Throwable cause) {
        this(Kind.REFUSED, message, cause, null);
    }

    /**
     * Makes an exception.
     *
     * @param kind what is at fault
     * @param message what went wrong, whole sentences; for {@link Kind#RATE_LIMITED} with the words of the authority, from
     *     which it is read what the limit concerns
     * @param cause what was thrown, if anything
     * @param retryAfter how long to wait before the next try, if the authority has said so
     */
    public IssuanceException(Kind kind, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        this(kind, message, cause, retryAfter, null, null);
    }

    private IssuanceException(
            Kind kind,
            @Nullable String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String problem,
            @Nullable SubjectName name) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retryAfter = retryAfter;
        this.problem = problem;
        this.name = name;
    }

    /**
     * Tells which problem the authority has named (RFC 8555, section 6.7), from which it follows whether another authority
     * can be asked instead.
     *
     * @param type the last part of its type, such as {@code caa}
     * @return the same exception with this problem
     */
    public IssuanceException withProblem(String type) {
        return new IssuanceException(
                kind, getMessage(), getCause(), retryAfter, Objects.requireNonNull(type, "type"), name);
    }

    /**
     * Tells which of several names is at fault, so that the others can do without it.
     *
     * @param atFault the name
     * @return the same exception with the name
     */
    public IssuanceException about(SubjectName atFault) {
        return new IssuanceException(kind, getMessage(), getCause(), retryAfter, problem, atFault);
    }

    /**
     * Says the same in other words, such as with what was found out since.
     *
     * @param message whole sentences
     * @return the same exception with this message, and the earlier one as its cause
     */
    public IssuanceException saying(String message) {
        return new IssuanceException(kind, message, this, retryAfter, problem, name);
    }

    /**
     * Asks for another wait before the next try.
     *
     * @param wait how long, zero or more
     * @return the same exception with this wait
     */
    public IssuanceException waiting(Duration wait) {
        return new IssuanceException(kind, getMessage(), getCause(), wait, problem, name);
    }

    /** {@return the name that is at fault, if it is known to be one of several} */
    public Optional<SubjectName> name() {
        return Optional.ofNullable(name);
    }

    /** {@return what is at fault} */
    public Kind kind() {
        return kind;
    }

    /** {@return how long the certificate authority asks to wait before the next try, if it has said so} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@return the last part of the type of the authority's problem document, such as {@code caa}, if there was one} */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
