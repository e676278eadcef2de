package dev.gatehouse.testing.internal.dns;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/** All zones at one time. Immutable. */
public final class Zones {
    /** Without a zone. */
    static final Zones NONE = new Zones(Map.of());

    private final Map<Name, Zone> zones;

    private Zones(Map<Name, Zone> zones) {
        this.zones = zones;
    }

    /** {@return the zone that a name is in, the innermost if there are several} */
    public Optional<Zone> of(Name name) {
        for (int cut = 0; cut < name.labels(); cut++) {
            Zone zone = zones.get(new Name(name, cut));
            if (zone != null) {
                return Optional.of(zone);
            }
        }
        return Optional.ofNullable(zones.get(Name.root));
    }

    /** {@return the zone of exactly this name} */
    public Optional<Zone> at(Name apex) {
        return Optional.ofNullable(zones.get(apex));
    }

    /** {@return these zones with another one, or with another version of one of them} */
    public Zones with(Zone zone) {
        Map<Name, Zone> changed = new HashMap<>(zones);
        changed.put(zone.apex(), zone);
        return new Zones(changed);
    }

    /** {@return these zones without one} */
    public Zones without(Name apex) {
        Map<Name, Zone> changed = new HashMap<>(zones);
        changed.remove(apex);
        return new Zones(changed);
    }

    /** {@return these zones, with serial numbers that follow on those of the same zones before a change} */
    Zones after(Zones before) {
        Map<Name, Zone> numbered = new HashMap<>();
        zones.forEach((apex, zone) -> {
            Zone earlier = before.zones.get(apex);
            numbered.put(apex, earlier == null ? zone : zone.after(earlier));
        });
        return new Zones(numbered);
    }
}
