package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the difference between what was held and what is held now into an index; what comes, comes before what goes. */
final class Exchange {

    private Exchange() {}

    static List<SourceEvent> in(
            CertificateIndex index, CertificateSource source, Map<String, Held> before, Map<String, Held> after) {
        Set<Credential> old = credentials(before.values());
        Set<Credential> kept = credentials(after.values());
        Set<Credential> gone = credentials(before.values());
        gone.removeAll(kept);
        List<SourceEvent> events = new ArrayList<>();
        after.forEach((place, held) -> {
            Held previous = before.get(place);
            if (!old.add(held.credential())) {
                return;
            }
            if (previous != null && gone.remove(previous.credential())) {
                index.replace(previous.credential(), held.credential());
                events.add(new SourceEvent.Replaced(source, place, previous.credential(), held.credential()));
            } else {
                index.add(held.credential());
                events.add(new SourceEvent.Loaded(source, place, held.credential()));
            }
        });
        before.forEach((place, held) -> {
            if (gone.remove(held.credential())) {
                index.remove(held.credential());
                events.add(new SourceEvent.Removed(source, place, held.credential()));
            }
        });
        return events;
    }

    private static Set<Credential> credentials(Collection<Held> held) {
        Set<Credential> credentials = Collections.newSetFromMap(new IdentityHashMap<>(held.size()));
        held.forEach(each -> credentials.add(each.credential()));
        return credentials;
    }
}
