package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.Digest;
import dev.gatehouse.tls.internal.pem.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a source as they were seen last. A file is read again when its {@linkplain FileSignature signature}
 * changes, and as long as it was written so lately that the signature may hide a change. A file that has gone is believed
 * to be gone a moment later, since many programs replace files by deleting and writing them. Confined to one thread.
 */
final class WatchedFiles<T> {

    static final Duration GONE_AFTER = Duration.ofMillis(500);

    private final FileFormat<T> format;
    private final InstantSource clock;
    private final Map<Path, Seen<T>> files = new HashMap<>();
    private final Set<Path> unsettled = new HashSet<>();
    private boolean trusting = true;

    WatchedFiles(FileFormat<T> format, InstantSource clock) {
        this.format = format;
        this.clock = clock;
    }

    /** Brings everything up to date with a complete list; returns whether any content changed. */
    boolean update(Map<Path, FileSignature> present) {
        Map<Path, @Nullable FileSignature> looks = new HashMap<>(present);
        for (Path known : files.keySet()) {
            if (!present.containsKey(known)) {
                looks.put(known, null);
            }
        }
        return look(looks);
    }

    /** Brings some files up to date, and those that were in doubt; returns whether any content changed. */
    boolean updateOnly(Collection<Path> some) {
        Map<Path, @Nullable FileSignature> looks = new HashMap<>();
        for (Path file : some) {
            looks.put(file, signature(file));
        }
        for (Path file : unsettled) {
            if (!looks.containsKey(file)) {
                looks.put(file, signature(file));
            }
        }
        return look(looks);
    }

    /** Reads everything again the next time, whatever the signatures say, and gives what was no good another try. */
    void distrust() {
        unsettled.addAll(files.keySet());
        trusting = false;
    }

    /** What is there, also that which is in doubt. */
    Map<Path, Seen<T>> seen() {
        return Collections.unmodifiableMap(files);
    }

    private boolean look(Map<Path, @Nullable FileSignature> looks) {
        Instant now = clock.instant();
        boolean changed = false;
        List<Reread> rereads = new ArrayList<>();
        for (Map.Entry<Path, @Nullable FileSignature> look : looks.entrySet()) {
            Path file = look.getKey();
            FileSignature signature = look.getValue();
            Seen<T> seen = files.get(file);
            if (signature == null) {
                changed |= forget(file, seen, now);
            } else if (seen == null || unsettled.contains(file) || !signature.equals(seen.signature)) {
                rereads.add(new Reread(file, signature, seen));
            }
        }
        BulkWork.forEach(rereads, Reread::read);
        for (Reread reread : rereads) {
            changed |= reread.store(now);
        }
        trusting = true;
        return changed;
    }

    private boolean forget(Path file, @Nullable Seen<T> seen, Instant now) {
        if (seen == null) {
            unsettled.remove(file);
            return false;
        }
        if (seen.missingSince == null) {
            seen.missingSince = now;
            unsettled.add(file);
        }
        if (Duration.between(seen.missingSince, now).compareTo(GONE_AFTER) < 0) {
            return false;
        }
        files.remove(file);
        unsettled.remove(file);
        return true;
    }

    private static @Nullable FileSignature signature(Path file) {
        try {
            return FileSignature.of(file);
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException unreadable) {
            return Files.notExists(file) ? null : new FileSignature(-1, 0, null);
        }
    }

    /** A file as it was read. */
    static final class Seen<T> {

        private FileSignature signature;
        private final Digest digest;
        private final T content;
        private @Nullable Instant missingSince;

        Seen(FileSignature signature, Digest digest, T content) {
            this.signature = signature;
            this.digest = digest;
            this.content = content;
        }

        FileSignature signature() {
            return signature;
        }

        Digest digest() {
            return digest;
        }

        T content() {
            return content;
        }
    }

    /** The signature is older than the content, so a change in between is seen the next time. */
    private final class Reread {

        private final Path file;
        private final FileSignature signature;
        private final @Nullable Seen<T> before;
        private @Nullable Seen<T> after;
        private boolean isReadable = true;

        Reread(Path file, FileSignature signature, @Nullable Seen<T> before) {
            this.file = file;
            this.signature = signature;
            this.before = before;
        }

        void read() {
            try {
                byte[] content = BoundedFile.read(file);
                Digest digest = Digest.of(content);
                after = isSame(digest) ? before : new Seen<>(signature, digest, format.parse(file, content));
            } catch (NoSuchFileException vanished) {
                isReadable = false;
            } catch (IOException unreadable) {
                isReadable = false;
                refuse("cannot be read (" + unreadable + "). Check its permissions.");
            } catch (CredentialException tooLarge) {
                refuse("is too large (more than 1 MiB). Is it the right file?");
            }
        }

        private void refuse(String problem) {
            Digest digest = Digest.of(problem.getBytes(StandardCharsets.UTF_8));
            after = isSame(digest) ? before : new Seen<>(signature, digest, format.unreadable(file, problem));
        }

        private boolean isSame(Digest digest) {
            return before != null
                    && before.digest.equals(digest)
                    && (trusting || !format.isWorthAnotherTry(before.content));
        }

        boolean store(Instant now) {
            Seen<T> seen = after;
            if (seen == null) {
                return forget(file, before, now);
            }
            seen.signature = signature;
            seen.missingSince = null;
            files.put(file, seen);
            if (isReadable && signature.isSettledAt(now)) {
                unsettled.remove(file);
            } else {
                unsettled.add(file);
            }
            return seen != before;
        }
    }
}
