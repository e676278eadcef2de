package dev.gatehouse.acme.internal.storage;

import java.io.IOException;

/** A file was written by a later release. */
final class NewerFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    NewerFormatException(String format) {
        super("it has format " + format
                + ", which this release does not know. Use the release that wrote it, or a later one.");
    }
}
