package dev.gatehouse.routing.internal.http1;

import java.io.IOException;

/** An origin closed its connection before the end of its response. */
public final class TruncatedResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param position how far the response had come
     */
    public TruncatedResponseException(String position) {
        super(position);
    }
}
