package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Properties;

/** How an entry of a journal is written down, and under which name. */
public final class JournalText {

    /** More than an entry can have. */
    public static final int LONGEST = 8_192;

    private JournalText() {}

    /** The entry as text. */
    public static String format(ChallengeRecord record, Instant presentedAt) {
        return "name=" + record.name() + "\ndomain=" + record.domain() + "\ntoken=" + record.token()
                + "\nkeyAuthorization=" + record.keyAuthorization() + "\ntimeToLive=" + record.timeToLive()
                + "\npresentedAt=" + presentedAt + "\n";
    }

    /**
     * The entry of a text.
     *
     * @throws IllegalArgumentException if it is none, or a {@link java.time.DateTimeException}
     */
    public static ChallengeJournal.Entry parse(String text) throws IOException {
        Properties parts = new Properties();
        parts.load(new StringReader(text));
        ChallengeRecord record = new ChallengeRecord(
                part(parts, "name"),
                part(parts, "domain"),
                part(parts, "token"),
                part(parts, "keyAuthorization"),
                Duration.parse(part(parts, "timeToLive")));
        return new ChallengeJournal.Entry(record, Instant.parse(part(parts, "presentedAt")));
    }

    private static String part(Properties parts, String name) {
        String value = parts.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no '" + name + "'");
        }
        return value;
    }

    /** The same for the same record, and different for others. */
    public static String nameOf(ChallengeRecord record) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(record.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }
}
