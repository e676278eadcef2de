package dev.gatehouse.tls.source;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what is wrong with a source, so that each content is complained about once. While somebody is writing, a
 * trouble is no news; it becomes one when it stays. Confined to one thread.
 */
final class Troubles {

    /** Long enough for programs that write a certificate and then its key. */
    static final Duration SETTLING = Duration.ofSeconds(1);

    private final Map<String, Known> known = new HashMap<>();

    private static final class Known {

        private final Trouble trouble;
        private final Instant since;
        private boolean told;

        Known(Trouble trouble, Instant since) {
            this.trouble = trouble;
            this.since = since;
        }
    }

    /** Notes what is wrong now, and nothing else is; returns the places where a trouble that was told has ended. */
    List<String> are(Collection<Trouble> now, Instant instant) {
        Map<String, Known> before = new HashMap<>(known);
        known.clear();
        now.forEach(trouble -> remember(trouble, before.remove(trouble.place()), instant));
        return before.values().stream()
                .filter(ended -> ended.told)
                .map(ended -> ended.trouble.place())
                .toList();
    }

    /** Notes one more trouble. */
    void add(Trouble trouble, Instant instant) {
        remember(trouble, known.get(trouble.place()), instant);
    }

    private void remember(Trouble trouble, @Nullable Known before, Instant instant) {
        boolean isNews = before == null || !before.trouble.content().equals(trouble.content());
        known.put(trouble.place(), isNews ? new Known(trouble, instant) : before);
    }

    /** Those that have to be told now; the next call does not return them again. */
    List<Trouble> due(Instant instant) {
        List<Trouble> due = new ArrayList<>();
        for (Known each : known.values()) {
            if (!each.told && !instant.isBefore(each.since.plus(SETTLING))) {
                each.told = true;
                due.add(each.trouble);
            }
        }
        return due;
    }

    /** All that are not told yet, without waiting. */
    List<Trouble> dueAtOnce() {
        return due(Instant.MAX);
    }

    List<Trouble> all() {
        return known.values().stream().map(each -> each.trouble).toList();
    }
}
