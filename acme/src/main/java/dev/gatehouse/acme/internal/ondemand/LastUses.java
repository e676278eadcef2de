package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.internal.limits.TimeText;
import dev.gatehouse.tls.Credential;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether names that visitors asked for are still used, here or on another node. */
final class LastUses {

    private final Residents residents;
    private final UseRecords records;
    private final Duration window;
    private final InstantSource clock;

    /** With the time after which an unused name counts as idle. */
    LastUses(Residents residents, UseRecords records, Duration window, InstantSource clock) {
        this.residents = residents;
        this.records = records;
        this.window = window;
        this.clock = clock;
    }

    /** Brings what is known in memory and in storage together, and stores it if that is a day old. May block. */
    Prospect note(Prospect prospect, Credential present) {
        if (prospect.plan().isManaged()) {
            return prospect;
        }
        Optional<Instant> here = residents.find(prospect.id()).flatMap(Residents.Resident::lastUse);
        Optional<Instant> stored = prospect.lastUse();
        if (stored.isEmpty()
                || isIdleAt(stored.get()) && here.filter(this::isIdleAt).isPresent()) {
            stored = records.lastUse(prospect.plan().subject());
        }
        boolean isToBeStored = here.isPresent()
                && stored.filter(before -> here.get().isBefore(before.plus(UseRecords.COARSE)))
                        .isEmpty();
        if (isToBeStored) {
            records.used(prospect.plan().subject(), here.get());
            return prospect.usedAt(here.get());
        }
        return stored.map(prospect::usedAt).orElseGet(() -> prospect.usedAt(present.notBefore()));
    }

    boolean isIdle(Prospect prospect, Credential present) {
        return !prospect.plan().isManaged() && isIdleAt(lastUse(prospect).orElse(present.notBefore()));
    }

    /** A clause. */
    String reason(Prospect prospect) {
        return "nobody has asked for it for " + TimeText.of(window) + ", last at "
                + lastUse(prospect).map(Instant::toString).orElse("no known time");
    }

    private Optional<Instant> lastUse(Prospect prospect) {
        return Stream.of(residents.find(prospect.id()).flatMap(Residents.Resident::lastUse), prospect.lastUse())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    private boolean isIdleAt(Instant lastUse) {
        return lastUse.plus(window).isBefore(clock.instant());
    }
}
