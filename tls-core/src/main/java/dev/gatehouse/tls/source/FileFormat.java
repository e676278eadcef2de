package dev.gatehouse.tls.source;

import java.nio.file.Path;

/**
 * Makes of a file's content what a source needs of it. Never throws: that a file is malformed is a result, too. Called by
 * several threads.
 */
interface FileFormat<T> {

    T parse(Path file, byte[] content);

    T unreadable(Path file, String problem);

    /** Whether the same bytes would give something else another time, for instance with another password. */
    boolean isWorthAnotherTry(T content);
}
