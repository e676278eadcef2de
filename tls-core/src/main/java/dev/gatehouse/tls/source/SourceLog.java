package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.Credential;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The words of the log lines about one source. However many certificates have changed at once, a few lines tell it. */
final class SourceLog {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    private static final int MAX_LINES = 20;
    private static final int MAX_NAMES = 3;

    private final String source;

    SourceLog(String source) {
        this.source = source;
    }

    void started(Collection<Held> held) {
        if (held.size() == 1) {
            log.info(
                    "{}: certificate loaded, {}",
                    source,
                    describe(held.iterator().next().credential()));
        } else {
            log.info("{}: {} certificates loaded", source, held.size());
        }
    }

    void changed(List<SourceEvent> events) {
        limited(events, event -> {
            if (event instanceof SourceEvent.Loaded loaded) {
                log.info("{}: certificate added, {}", loaded.place(), describe(loaded.credential()));
            } else if (event instanceof SourceEvent.Replaced replaced) {
                log.info("{}: certificate replaced, {}", replaced.place(), describe(replaced.credential()));
            } else if (event instanceof SourceEvent.Removed removed) {
                log.info("{}: certificate removed with its files, {}", removed.place(), describe(removed.credential()));
            } else if (event instanceof SourceEvent.Recovered recovered) {
                log.info("{}: in order again", recovered.place());
            }
        });
    }

    void refused(List<SourceEvent.Refused> refusals, int held) {
        limited(refusals, refused -> {
            if (refused.kept().isPresent()) {
                log.warn(
                        "{}: not taken; the previous certificate, {}, is served on. {}",
                        refused.place(),
                        describe(refused.kept().get()),
                        refused.reason());
            } else if (refused.place().equals(source) && held > 0) {
                log.warn("{}: not taken; its {} certificates are served on. {}", source, held, refused.reason());
            } else {
                log.warn("{}: not usable. {}", refused.place(), refused.reason());
            }
        });
    }

    /** What clients will complain about although it is served. */
    void doubts(Stream<Held> loaded, Instant now) {
        List<String> lines =
                loaded.flatMap(held -> doubts(held, now)).limit(MAX_LINES).toList();
        lines.forEach(line -> log.warn("{}", line));
        if (lines.size() == MAX_LINES) {
            log.warn("{}: others may have such problems, too; they are not listed. Correct these first.", source);
        }
    }

    private static Stream<String> doubts(Held held, Instant now) {
        Credential credential = held.credential();
        String place = held.found().place();
        Stream<String> missing = credential.missingIntermediate().map(what -> place + ": " + what).stream();
        if (credential.isValidAt(now)) {
            return missing;
        }
        boolean expired = credential.notAfter().isBefore(now);
        return Stream.concat(
                Stream.of(
                        expired
                                ? place + ": the certificate has expired at " + credential.notAfter()
                                        + ", so clients refuse it. Renew it."
                                : place + ": the certificate is valid from " + credential.notBefore()
                                        + " only, so clients refuse it now. Check the clock of this machine."),
                missing);
    }

    private <T> void limited(List<T> all, Consumer<T> line) {
        all.stream().limit(MAX_LINES).forEach(line);
        if (all.size() > MAX_LINES) {
            log.warn("{}: {} more of this kind are not listed. Correct these first.", source, all.size() - MAX_LINES);
        }
    }

    private static String describe(Credential credential) {
        Coverage coverage = credential.coverage();
        int names = coverage.exactNames().size() + coverage.wildcardNames().size();
        return Stream.concat(coverage.exactNames().stream(), coverage.wildcardNames().stream())
                        .limit(MAX_NAMES)
                        .map(Object::toString)
                        .collect(Collectors.joining(", "))
                + (names > MAX_NAMES ? " and " + (names - MAX_NAMES) + " more" : "")
                + " (" + credential.keyType() + ", until " + credential.notAfter() + ")";
    }
}
