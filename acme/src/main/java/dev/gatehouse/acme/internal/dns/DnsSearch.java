package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.dns.DnsLookup;
import dev.gatehouse.acme.dns.PropagationCheck.Target;
import dev.gatehouse.acme.dns.PropagationReport;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Everything of a solver that asks DNS, and so needs dnsjava. */
final class DnsSearch {

    private final SolverTools tools;
    private final DnsClient client;
    private final RecordPlaces places;

    DnsSearch(SolverTools tools) {
        this.tools = tools;
        DnsLookup settings = tools.settings().lookup();
        this.client = new DnsClient(settings.queryTimeout(), tools.worker());
        RecursiveLookup lookup = new RecursiveLookup(client, settings.resolvers());
        this.places = new RecordPlaces(client, lookup, new Zones(lookup, settings.authoritativePort(), tools.clock()));
    }

    static boolean isNeededFor(Dns01 settings) {
        return settings.followsAliases() || settings.propagation().target() != Target.NOBODY;
    }

    CompletionStage<RecordPlace> find(String name) {
        return places.find(name, tools.settings().followsAliases());
    }

    CompletionStage<PropagationReport> await(ChallengeRecord record, RecordPlace place, BooleanSupplier isCancelled) {
        return new PropagationWait(
                        client,
                        tools.settings().propagation(),
                        tools.timer(),
                        tools.clock(),
                        record,
                        place,
                        isCancelled)
                .begin();
    }
}
