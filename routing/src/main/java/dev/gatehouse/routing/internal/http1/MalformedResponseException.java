package dev.gatehouse.routing.internal.http1;

import java.io.IOException;

/** An origin broke the rules of HTTP/1.1, so that nobody can tell where its response ends or what it says. */
public final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param problem what is wrong, to follow the words "sent a malformed response: "
     */
    public MalformedResponseException(String problem) {
        super(problem);
    }
}
