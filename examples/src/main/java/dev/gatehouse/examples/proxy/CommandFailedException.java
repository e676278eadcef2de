package dev.gatehouse.examples.proxy;

import org.jspecify.annotations.Nullable;

/** A command cannot be carried out. The message is the one line that the user gets: what, why, what to do. */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes an exception without a cause. */
    public CommandFailedException(String message) {
        this(message, null);
    }

    /** Makes an exception. */
    public CommandFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
