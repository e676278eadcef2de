package dev.gatehouse.routing.transport;

import java.io.IOException;

/** Why a target did not answer, or did not answer completely. It carries no stack trace. */
public final class OriginFailure extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kinds of failure the router treats differently. */
    public enum Kind {
        /** There was no connection. The client gets 502. */
        UNREACHABLE,

        /** All connections are used to their limit, and enough requests wait for one. The client gets 503. */
        BUSY,

        /** The target takes no request head of this size. The client gets 431. */
        HEAD_TOO_LARGE,

        /** It is certain that the target has not acted on the request, so it is sent again. Else the client gets 502. */
        NOT_PROCESSED,

        /** The connection or the stream broke off. A request that may be repeated is sent again. Else the client gets 502. */
        BROKEN_OFF,

        /** The target broke the rules of its protocol. The client gets 502. */
        MALFORMED
    }

    /** What happened to the request. */
    private final Kind kind;

    /** What can be done about it. */
    private final String remedy;

    /**
     * Makes a failure.
     *
     * @param kind what kind
     * @param problem what happened, with the target as its subject: {@code "refused the connection"}
     * @param remedy what to do about it: {@code "Start the target, or correct its address"}
     */
    public OriginFailure(Kind kind, String problem, String remedy) {
        super(problem);
        this.kind = kind;
        this.remedy = remedy;
    }

    /** {@return what kind} */
    public Kind kind() {
        return kind;
    }

    /** {@return what happened, with the target as its subject} */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** {@return what to do about it} */
    public String remedy() {
        return remedy;
    }

    /** Expected, and told in one line. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
