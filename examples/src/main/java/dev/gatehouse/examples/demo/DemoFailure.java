package dev.gatehouse.examples.demo;

import org.jspecify.annotations.Nullable;

/** Something in the demonstration was not as it should be. */
final class DemoFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static void unless(boolean expected, String otherwise) {
        if (!expected) {
            throw new DemoFailure(otherwise, null);
        }
    }
}
