package dev.gatehouse.acme.internal.dns;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the record of a challenge goes.
 *
 * @param name its name
 * @param zone the zone it is in, with its servers; null where nothing is looked up
 */
record RecordPlace(String name, @Nullable ZoneServers zone) {

    Optional<ZoneServers> knownZone() {
        return Optional.ofNullable(zone);
    }
}
