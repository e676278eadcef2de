package dev.gatehouse.routing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * <p>With responses buffered, the client gets nothing before the whole response has come, so a slow client does not occupy
 * the target, a response that breaks off is a 502, and one of unknown length reaches the client with a
 * {@code Content-Length}. Passed on as they come are informational responses, switched protocols,
 * {@code text/event-stream}, and what the target sends with {@code X-Accel-Buffering: no}. Trailers are kept. Memory is
 * counted for each direction by itself.
 *
 * <p>Immutable.
 */
public final class Buffering {

    private static final long DEFAULT_MEMORY_BYTES = 1 << 20;

    private final long memoryBytes;
    private final boolean buffersRequests;
    private final boolean buffersResponses;
    private final long maxRequestBodyBytes;
    private final long maxResponseBodyBytes;
    private final Path temporaryFolder;

    private Buffering(Builder builder) {
        memoryBytes = builder.memoryBytes == null ? DEFAULT_MEMORY_BYTES : builder.memoryBytes;
        buffersRequests = builder.requests;
        buffersResponses = builder.responses;
        maxRequestBodyBytes = builder.maxRequestBodyBytes == null ? 0 : builder.maxRequestBodyBytes;
        maxResponseBodyBytes = builder.maxResponseBodyBytes == null ? 0 : builder.maxResponseBodyBytes;
        temporaryFolder = builder.temporaryFolder == null
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : builder.temporaryFolder;
    }

    /** {@return a builder for buffering of requests: 1 MiB in memory, no limit in all} */
    public static Builder requests() {
        return new Builder(true, false);
    }

    /** {@return a builder for buffering of responses: 1 MiB in memory, no limit in all} */
    public static Builder responses() {
        return new Builder(false, true);
    }

    /** {@return a builder for buffering of requests and responses: 1 MiB of each in memory, no limit in all} */
    public static Builder requestsAndResponses() {
        return new Builder(true, true);
    }

    /** {@return whether requests are buffered} */
    public boolean buffersRequests() {
        return buffersRequests;
    }

    /** {@return whether responses are buffered} */
    public boolean buffersResponses() {
        return buffersResponses;
    }

    /** {@return how many bytes of one request or response stay in memory; 0 if all go to a file} */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** {@return the largest request content in bytes that is let through, others get 413; 0 if there is no limit} */
    public long maxRequestBodyBytes() {
        return maxRequestBodyBytes;
    }

    /** {@return the largest response content in bytes that is passed on, others become 502; 0 if there is no limit} */
    public long maxResponseBodyBytes() {
        return maxResponseBodyBytes;
    }

    /** {@return where temporary files are made} */
    public Path temporaryFolder() {
        return temporaryFolder;
    }

    /** {@return the limits, for a log} */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (buffersRequests) {
            parts.add("requests buffered, " + limit(maxRequestBodyBytes));
        }
        if (buffersResponses) {
            parts.add("responses buffered, " + limit(maxResponseBodyBytes));
        }
        return String.join("; ", parts) + " (" + memoryBytes + " bytes in memory)";
    }

    private static String limit(long bytes) {
        return bytes == 0 ? "no limit" : "at most " + bytes + " bytes";
    }

    /** Collects the limits; each may be set once. Not safe for use by several threads. */
    public static final class Builder {

        private final boolean requests;
        private final boolean responses;
        private @Nullable Long memoryBytes;
        private @Nullable Long maxRequestBodyBytes;
        private @Nullable Long maxResponseBodyBytes;
        private @Nullable Path temporaryFolder;

        private Builder(boolean requests, boolean responses) {
            this.requests = requests;
            this.responses = responses;
        }

        /**
         * Sets how much of one request or response stays in memory. The rest goes to a temporary file.
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
         * @throws IllegalStateException if set before, or if requests are not buffered
         */
        public Builder maxRequestBodyBytes(long bytes) {
            if (!requests) {
                throw new IllegalStateException(
                        "maxRequestBodyBytes: requests are not buffered (begin with requests() or requestsAndResponses())");
            }
            maxRequestBodyBytes = Settings.once(
                    "maxRequestBodyBytes", maxRequestBodyBytes, Settings.notNegative("maxRequestBodyBytes", bytes));
            return this;
        }

        /**
         * Limits the content of a response. Exactly this many bytes are passed on, one more becomes a 502: at once if
         * {@code Content-Length} says so, else as soon as it has come. Nothing of that response reaches the client.
         *
         * @param bytes 1 or more, or 0 for no limit, which is the default
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before, or if responses are not buffered
         */
        public Builder maxResponseBodyBytes(long bytes) {
            if (!responses) {
                throw new IllegalStateException(
                        "maxResponseBodyBytes: responses are not buffered (begin with responses() or"
                                + " requestsAndResponses())");
            }
            maxResponseBodyBytes = Settings.once(
                    "maxResponseBodyBytes", maxResponseBodyBytes, Settings.notNegative("maxResponseBodyBytes", bytes));
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

        /**
         * Makes the limits.
         *
         * @return the limits
         */
        public Buffering build() {
            return new Buffering(this);
        }
    }
}
