package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.FolderJournal;
import dev.gatehouse.acme.internal.dns.MemoryJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Knows which records are in DNS, so that those of a run that crashed can be removed. A record is written down before it
 * is presented, and crossed out when it is removed.
 *
 * <p>Called on workers; may block. Implementations are safe for use by several threads.
 */
public interface ChallengeJournal {

    /**
     * A record that may be in DNS.
     *
     * @param record the record
     * @param presentedAt when it was presented
     */
    record Entry(ChallengeRecord record, Instant presentedAt) {}

    /**
     * Writes a record down; one with the same name and value is replaced.
     *
     * @param record the record
     * @param presentedAt the time
     * @throws IOException if it is not written
     */
    void add(ChallengeRecord record, Instant presentedAt) throws IOException;

    /**
     * Crosses a record out.
     *
     * @param record the record; it may be absent
     * @throws IOException if it is still there
     */
    void remove(ChallengeRecord record) throws IOException;

    /**
     * Reads what is written down.
     *
     * @return the entries, in any order
     * @throws IOException if they cannot be read
     */
    List<Entry> entries() throws IOException;

    /** {@return a journal in memory, which a crash takes with it} */
    static ChallengeJournal inMemory() {
        return new MemoryJournal();
    }

    /**
     * Keeps the journal in a folder, one small file for each record.
     *
     * @param folder is made if it does not exist
     * @return the journal
     */
    static ChallengeJournal in(Path folder) {
        return new FolderJournal(folder);
    }
}
