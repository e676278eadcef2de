package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks of a storage folder that hold among the threads of this process and among the processes of this machine. They are
 * striped by name, held for the length of one file operation, and end with their process.
 *
 * <p>A file lock belongs to the whole process, and closing any channel of the file gives all of them up. So all storages of
 * one folder in this process share one channel, and its threads agree by locks in memory first.
 *
 * <p>Who needs two takes them in the order of {@link Family}.
 */
final class FolderLocks {

    private static final Logger log = LoggerFactory.getLogger(FolderLocks.class);

    private static final int STRIPES = 256;
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CLOSING_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Map<Path, FolderLocks> OPENED = new HashMap<>();

    private final Path file;
    private final ReentrantLock[] stripes = new ReentrantLock[Family.values().length * STRIPES];
    private final ReentrantLock opening = new ReentrantLock();
    private int users;
    private volatile boolean closed;
    private @Nullable FileChannel channel;

    /** What is locked, in the order of locking. */
    enum Family {
        LEASES,
        RECORDS,
        COUNTERS
    }

    /** Work on files that is done while a lock is held. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private FolderLocks(Path file) {
        this.file = file;
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /** Opens the locks of a folder that exists. */
    static FolderLocks open(Path folder) throws IOException {
        Path file = folder.toRealPath().resolve("locks");
        synchronized (OPENED) {
            FolderLocks locks = OPENED.computeIfAbsent(file, FolderLocks::new);
            FileChannel unused = locks.channel();
            locks.users++;
            return locks;
        }
    }

    /** Does work under the lock of a name. Waits for that within a bound, and also if the thread is interrupted. */
    <T> T locked(Family family, String name, Work<T> work) throws IOException {
        return lockedShard(family, FileNames.shardOf(name), name, work);
    }

    /** The same if only the folder of the name's file is known. */
    <T> T lockedShard(Family family, String shard, String name, Work<T> work) throws IOException {
        int stripe = family.ordinal() * STRIPES + Integer.parseInt(shard, 16);
        long deadline = System.nanoTime() + MAX_WAIT_NANOS;
        lockWithin(stripes[stripe], name, deadline);
        try {
            FileLock amongProcesses = lockFile(stripe, name, deadline);
            try {
                return work.run();
            } finally {
                release(amongProcesses);
            }
        } finally {
            stripes[stripe].unlock();
        }
    }

    private void lockWithin(ReentrantLock lock, String name, long deadline) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw new IOException(file + ": the lock of " + name + " was not free within 30 s."
                            + " The disk is too slow for what is written to it.");
                } catch (InterruptedException whileWaiting) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileLock lockFile(int stripe, String name, long deadline) throws IOException {
        long pause = TimeUnit.MICROSECONDS.toNanos(20);
        while (true) {
            FileLock lock = tryLock(channel(), stripe, 1);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(file + ": another process has held the lock of " + name
                        + " for 30 s. Look whether it hangs or was stopped, and end it.");
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, MAX_PAUSE_NANOS);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, long position, long size) throws IOException {
        try {
            return channel.tryLock(position, size, false);
        } catch (OverlappingFileLockException byAnotherCopyOfThisClass) {
            return null;
        }
    }

    private void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException channelWasClosed) {
            log.debug("{}: a lock has gone with its channel", file);
        }
    }

    /** An interrupt of a thread may close the channel; then it is opened again. */
    private FileChannel channel() throws IOException {
        opening.lock();
        try {
            if (closed) {
                throw new IOException(file + ": the certificate storage was closed");
            }
            FileChannel present = channel;
            if (present == null || !present.isOpen()) {
                present = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PrivateFiles.ownerReads(file));
                channel = present;
            }
            return present;
        } finally {
            opening.unlock();
        }
    }

    /** Closes the channel with its last user. */
    void close() throws IOException {
        synchronized (OPENED) {
            users--;
            if (users == 0) {
                OPENED.remove(file);
                closed = true;
                closeChannel();
            }
        }
    }

    /** Takes all locks before, if they come soon, so that a copy of this class in another class loader loses none. */
    private void closeChannel() throws IOException {
        FileChannel closing = channel;
        if (closing == null) {
            return;
        }
        try {
            long deadline = System.nanoTime() + CLOSING_WAIT_NANOS;
            while (tryLock(closing, 0, stripes.length) == null && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(MAX_PAUSE_NANOS);
            }
        } finally {
            closing.close();
        }
    }
}
