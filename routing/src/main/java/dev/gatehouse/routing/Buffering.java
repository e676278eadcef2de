package dev.gatehouse.routing;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of an exchange is collected before it is passed on, and within which limits.
 *
 * <p>With requests buffered, a target is contacted only when the whole request content has arrived, so a slow client
 * occupies none of its workers, and content of unknown length reaches it with a {@code Content-Length}. Content up to
 * {@link #memoryBytes} stays in memory, as long as all buffers of the router together stay within
 * {@link Router.Builder#bufferMemoryBytes}; the rest goes to a temporary file that only the owner of the process can
 * read and that leaves nothing behind, also when the process is killed.
 *
 * <p>Immutable.
 */
public final class Buffering {

    private static final long DEFAULT_MEMORY_BYTES = 1 << 20;

    private final long memoryBytes;
    private final long maxRequestBodyBytes;
    private final Path temporaryFolder;

    private Buffering(Builder builder) {
        memoryBytes = builder.memoryBytes == null ? DEFAULT_MEMORY_BYTES : builder.memoryBytes;
        maxRequestBodyBytes = builder.maxRequestBodyBytes == null ? 0 : builder.maxRequestBodyBytes;
        temporaryFolder = builder.temporaryFolder == null
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : builder.temporaryFolder;
    }

    /** {@return a builder for buffering of requests: 1 MiB in memory, no limit in all} */
    public static Builder requests() {
        return new Builder();
    }

    /** {@return how many bytes of one request stay in memory; 0 if all go to a file} */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** {@return the largest request content in bytes that is let through, others get 413; 0 if there is no limit} */
    public long maxRequestBodyBytes() {
        return maxRequestBodyBytes;
    }

    /** {@return where temporary files are made} */
    public Path temporaryFolder() {
        return temporaryFolder;
    }

    /** {@return the limits, for a log} */
    @Override
    public String toString() {
        return "requests buffered (" + memoryBytes + " bytes in memory, "
                + (maxRequestBodyBytes == 0 ? "no limit" : "at most " + maxRequestBodyBytes + " bytes") + ")";
    }

    /** Collects the limits; each may be set once. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable Long memoryBytes;
        private @Nullable Long maxRequestBodyBytes;
        private @Nullable Path temporaryFolder;

        private Builder() {}

        /**
         * Sets how much of one request stays in memory. The rest goes to a temporary file.
         *
         * @param bytes 0 or more; 1 MiB if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder memoryBytes(long bytes) {
            memoryBytes = Settings.once("memoryBytes", memoryBytes, Settings.notNegative("memoryBytes", bytes));
            return this;
        }

        /**
         * Limits the content of a request. Exactly this many bytes are let through, one more is answered with 413: at
         * once if {@code Content-Length} says so, else as soon as it has arrived.
         *
         * @param bytes 1 or more, or 0 for no limit, which is the default
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder maxRequestBodyBytes(long bytes) {
            maxRequestBodyBytes = Settings.once(
                    "maxRequestBodyBytes", maxRequestBodyBytes, Settings.notNegative("maxRequestBodyBytes", bytes));
            return this;
        }

        /**
         * Sets where temporary files are made. The folder must exist when the first request needs it.
         *
         * @param folder the folder; the one of {@code java.io.tmpdir} if not set
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder temporaryFolder(Path folder) {
            temporaryFolder =
                    Settings.once("temporaryFolder", temporaryFolder, Objects.requireNonNull(folder, "folder"));
            return this;
        }

        /** {@return the limits} */
        public Buffering build() {
            return new Buffering(this);
        }
    }
}
