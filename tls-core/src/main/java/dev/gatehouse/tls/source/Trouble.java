package dev.gatehouse.tls.source;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a source or a part of it.
 *
 * @param place the file, the entry of a key store, or the source
 * @param reason what is wrong with it, and what to do
 * @param content tells contents apart; the same content is complained about once
 * @param file the file, or null if it is not about one
 */
record Trouble(
        String place,
        String reason,
        Object content,
        @Nullable Path file) {

    Trouble(String place, String reason, Object content) {
        this(place, reason, content, null);
    }
}
