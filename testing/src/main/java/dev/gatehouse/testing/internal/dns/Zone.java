package dev.gatehouse.testing.internal.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** The records of a zone at one time. Immutable: each change makes another one. */
public final class Zone {
    private static final long GREATEST_SERIAL = 0xffffffffL;

    private final Name apex;
    private final Map<Name, List<Record>> records;
    /** Names with records and all those above them, which exist too (RFC 8020). */
    private final Set<Name> names;

    private Zone(Name apex, Map<Name, List<Record>> records) {
        this.apex = apex;
        this.records = records;
        this.names = new HashSet<>();
        for (Name owner : records.keySet()) {
            for (Name name = owner; names.add(name) && !name.equals(apex); ) {
                name = new Name(name, 1);
            }
        }
    }

    /**
     * Makes a zone with its name servers.
     *
     * @param soa its start of authority, whose name is that of the zone
     * @param nameServers its name servers
     * @return the zone
     */
    public static Zone of(SOARecord soa, List<? extends Record> nameServers) {
        List<Record> top = new ArrayList<>(nameServers);
        top.add(soa);
        return new Zone(soa.getName(), Map.of(soa.getName(), List.copyOf(top)));
    }

    /** {@return its name} */
    public Name apex() {
        return apex;
    }

    SOARecord soa() {
        return (SOARecord) at(apex, Type.SOA).get(0);
    }

    /**
     * Adds records, in place of those that are the same or that only one of can be.
     *
     * @param added records whose names are in the zone
     * @return another zone
     * @throws IllegalArgumentException if there would be an alias beside other records
     */
    public Zone with(List<Record> added) {
        Map<Name, List<Record>> changed = new HashMap<>(records);
        for (Record record : added) {
            List<Record> there = new ArrayList<>(changed.getOrDefault(record.getName(), List.of()));
            there.removeIf(other -> other.equals(record) || isTheOnlyOneLike(record, other));
            there.add(record);
            requireNothingBesideAlias(there);
            changed.put(record.getName(), List.copyOf(there));
        }
        return new Zone(apex, changed);
    }

    /**
     * Removes records. The start of authority stays.
     *
     * @param unwanted tells what is removed
     * @return another zone
     */
    public Zone without(Predicate<Record> unwanted) {
        Map<Name, List<Record>> changed = new HashMap<>();
        records.forEach((name, there) -> {
            List<Record> left = there.stream()
                    .filter(record -> record.getType() == Type.SOA || !unwanted.test(record))
                    .toList();
            if (!left.isEmpty()) {
                changed.put(name, left);
            }
        });
        return new Zone(apex, changed);
    }

    /** {@return what is found for a name of this zone} */
    ZoneAnswer find(Name name, int type) {
        for (int labels = apex.labels() + 1; labels <= name.labels(); labels++) {
            Name above = new Name(name, name.labels() - labels);
            List<Record> delegation = at(above, Type.NS);
            if (!delegation.isEmpty()) {
                return new ZoneAnswer.Delegation(delegation);
            }
        }
        if (names.contains(name)) {
            return find(records.getOrDefault(name, List.of()), type);
        }
        Name wildcard = Name.fromConstantString("*");
        List<Record> synthesized = records.getOrDefault(join(wildcard, closestEncloser(name)), List.of()).stream()
                .map(record -> record.withName(name))
                .toList();
        return synthesized.isEmpty() ? new ZoneAnswer.NoName() : find(synthesized, type);
    }

    private static ZoneAnswer find(List<Record> there, int type) {
        List<Record> wanted = there.stream()
                .filter(record -> type == Type.ANY || record.getType() == type)
                .toList();
        if (!wanted.isEmpty()) {
            return new ZoneAnswer.Found(wanted);
        }
        return there.stream()
                .filter(record -> record.getType() == Type.CNAME)
                .<ZoneAnswer>map(ZoneAnswer.Alias::new)
                .findFirst()
                .orElseGet(ZoneAnswer.NoData::new);
    }

    private Name closestEncloser(Name name) {
        Name above = new Name(name, 1);
        while (!names.contains(above)) {
            above = new Name(above, 1);
        }
        return above;
    }

    private static Name join(Name label, Name above) {
        try {
            return Name.concatenate(label, above);
        } catch (org.xbill.DNS.NameTooLongException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Record> at(Name name, int type) {
        return records.getOrDefault(name, List.of()).stream()
                .filter(record -> record.getType() == type)
                .toList();
    }

    /** {@return this zone with the serial number that follows on another one's, unless it has been given a new one} */
    Zone after(Zone before) {
        SOARecord old = before.soa();
        if (records.equals(before.records) || !soa().equals(old)) {
            return this;
        }
        return with(List.of(new SOARecord(
                apex,
                old.getDClass(),
                old.getTTL(),
                old.getHost(),
                old.getAdmin(),
                (old.getSerial() + 1) & GREATEST_SERIAL,
                old.getRefresh(),
                old.getRetry(),
                old.getExpire(),
                old.getMinimum())));
    }

    private static boolean isTheOnlyOneLike(Record record, Record other) {
        return record.getType() == other.getType() && (record.getType() == Type.SOA || record.getType() == Type.CNAME);
    }

    private static void requireNothingBesideAlias(List<Record> there) {
        if (there.size() > 1 && there.stream().anyMatch(record -> record.getType() == Type.CNAME)) {
            throw new IllegalArgumentException(there.get(0).getName().toString(true)
                    + " would have a CNAME record beside others. Remove those first, or take another name.");
        }
    }
}
