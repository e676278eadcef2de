package dev.gatehouse.routing.internal.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of one message: its beginning in memory, the rest in a file. First it is filled, then it is read, by one
 * thread at a time; only {@link #close} may come at any time. Nothing here waits for the disk, which the workers do.
 */
final class SpooledBody implements AutoCloseable {

    /** Receives the end of a piece of work on the file. */
    @FunctionalInterface
    interface Outcome {
        /**
         * Called on a worker when the work is over.
         *
         * @param failure what went wrong, or null
         */
        void done(@Nullable IOException failure);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SpooledBody.class);
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final int TRANSFER_BYTES = 32 * 1024;

    private final MemoryBudget budget;
    private final Executor workers;
    private final Path folder;
    private final long memoryLimit;
    private final List<ByteBuffer> segments = new ArrayList<>();

    /** What is filled at the moment: the last segment or {@link #transfer}. */
    private ByteBuffer current = ByteBuffer.allocate(0);

    private @Nullable ByteBuffer transfer;
    private long memoryBytes;
    private long fileBytes;
    private int nextSegment;
    private long filePosition;

    // Shared with the workers and with close.
    private @Nullable SpoolFile file;
    private boolean closed;
    private long reserved;

    SpooledBody(MemoryBudget budget, Executor workers, Path folder, long memoryLimit) {
        this.budget = budget;
        this.workers = workers;
        this.folder = folder;
        this.memoryLimit = memoryLimit;
    }

    // Filling

    /**
     * Where the next bytes go, of which at most so many are expected; null if the file must take what there is first, with
     * {@link #spill}.
     */
    @Nullable
    ByteBuffer room(long expected) {
        if (current.hasRemaining()) {
            return current;
        }
        if (transfer != null) {
            return null;
        }
        int size = (int) Math.min(Math.min(SEGMENT_BYTES, expected), memoryLimit - memoryBytes);
        if (size > 0 && reserve(size)) {
            current = ByteBuffer.allocate(size);
            segments.add(current);
            memoryBytes += size;
        } else {
            transfer = ByteBuffer.allocate(TRANSFER_BYTES);
            current = transfer;
        }
        return current;
    }

    private synchronized boolean reserve(int size) {
        if (closed || !budget.tryReserve(size)) {
            return false;
        }
        reserved += size;
        return true;
    }

    /** Whether bytes wait for the file. */
    boolean mustSpill() {
        return transfer != null && transfer.position() > 0;
    }

    /** Has the workers write what waits for the file. Nothing else may be done here until they have. */
    void spill(Outcome outcome) {
        ByteBuffer bytes = requireTransfer().flip();
        fileBytes += bytes.remaining();
        onWorker(outcome, () -> {
            openFile().append(bytes);
            bytes.clear();
        });
    }

    /** Ends filling. */
    void complete() {
        segments.forEach(ByteBuffer::flip);
        ByteBuffer unread = transfer;
        if (unread != null) {
            unread.limit(0);
        }
    }

    /** How many bytes there are; after {@link #complete}. */
    long length() {
        return segments.stream().mapToLong(ByteBuffer::limit).sum() + fileBytes;
    }

    // Reading

    /** As {@link dev.gatehouse.routing.HttpExchange#read}, with 0 when {@link #load} must come first. */
    int read(ByteBuffer into) {
        while (nextSegment < segments.size()) {
            ByteBuffer segment = segments.get(nextSegment);
            if (segment.hasRemaining()) {
                return move(segment, into);
            }
            nextSegment++;
        }
        ByteBuffer loaded = transfer;
        if (loaded != null && loaded.hasRemaining()) {
            return move(loaded, into);
        }
        return filePosition == fileBytes ? -1 : 0;
    }

    private static int move(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(from.slice(from.position(), count));
        from.position(from.position() + count);
        return count;
    }

    /** Has the workers read on in the file. Nothing else may be done here until they have. */
    void load(Outcome outcome) {
        ByteBuffer bytes = requireTransfer();
        onWorker(outcome, () -> {
            bytes.clear().limit((int) Math.min(bytes.capacity(), fileBytes - filePosition));
            openFile().read(bytes, filePosition);
            bytes.flip();
            if (!bytes.hasRemaining()) {
                throw new IOException("the temporary file is shorter than what was written");
            }
            filePosition += bytes.remaining();
        });
    }

    private ByteBuffer requireTransfer() {
        ByteBuffer bytes = transfer;
        if (bytes == null) {
            throw new IllegalStateException("everything is in memory");
        }
        return bytes;
    }

    // The file

    @FunctionalInterface
    private interface FileWork {
        void run() throws IOException;
    }

    private void onWorker(Outcome outcome, FileWork work) {
        try {
            workers.execute(() -> {
                IOException failure = null;
                try {
                    work.run();
                } catch (IOException failed) {
                    failure = failed;
                } catch (RuntimeException | OutOfMemoryError unexpected) {
                    failure = new IOException(unexpected.toString(), unexpected);
                }
                outcome.done(failure);
            });
        } catch (RejectedExecutionException closing) {
            outcome.done(new IOException("the router was closed"));
        }
    }

    private synchronized SpoolFile openFile() throws IOException {
        if (closed) {
            throw new IOException("the exchange is over");
        }
        if (file == null) {
            file = SpoolFile.open(folder);
        }
        return file;
    }

    /** Gives memory and file back. Work on the file that is under way fails. */
    @Override
    public void close() {
        SpoolFile open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = file;
            budget.release(reserved);
        }
        if (open != null) {
            closeOnWorker(open);
        }
    }

    private void closeOnWorker(SpoolFile open) {
        try {
            workers.execute(() -> close(open));
        } catch (RejectedExecutionException closing) {
            close(open);
        }
    }

    private static void close(SpoolFile open) {
        try {
            open.close();
        } catch (IOException failed) {
            LOG.warn(
                    "a temporary file was not closed properly: {}. Look for left-over gatehouse-* files",
                    failed.toString());
        }
    }
}
