package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01Publication;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins publications, and removes what earlier ones have left. */
public final class Publications {

    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    private final SolverTools tools;
    private final Publication.RecordCalls records;

    /**
     * Makes the parts of a solver.
     *
     * @throws IllegalStateException if DNS is to be asked and dnsjava is missing
     */
    public Publications(SolverTools tools) {
        this.tools = tools;
        CallsInOrder calls = new CallsInOrder(tools.worker());
        RecordUses uses = new RecordUses();
        this.records = new Publication.RecordCalls(calls, uses, new Removals(tools, calls, uses), searchFor(tools));
    }

    private static @Nullable DnsSearch searchFor(SolverTools tools) {
        if (!DnsSearch.isNeededFor(tools.settings())) {
            return null;
        }
        DnsJava.require(
                "DNS-01 with aliases followed or propagation checked",
                "To go without both: withoutFollowingAliases() and propagation(PropagationCheck.none()).");
        return new DnsSearch(tools);
    }

    /** Begins to publish. */
    public Dns01Publication begin(String domain, String token, String keyAuthorization) {
        Publication publication =
                new Publication(tools, records, new Publication.Challenge(domain, token, keyAuthorization));
        publication.begin();
        return publication;
    }

    /** Removes the records of the journal that were presented before a time and that nobody here uses. */
    public CompletionStage<Integer> removeLeftovers(Instant presentedBefore) {
        return CompletableFuture.supplyAsync(this::journalEntries, tools.worker())
                .thenCompose(entries -> removeAll(entries.stream()
                        .filter(entry -> entry.presentedAt().isBefore(presentedBefore))
                        .map(ChallengeJournal.Entry::record)
                        .filter(record -> !records.uses().isUsed(record))
                        .toList()));
    }

    private CompletionStage<Integer> removeAll(List<ChallengeRecord> leftovers) {
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (ChallengeRecord leftover : leftovers) {
            log.info("{}: left by an earlier run, is being removed", leftover);
            removals.add(records.removals().begin(leftover).toCompletableFuture());
        }
        return CompletableFuture.allOf(removals.toArray(CompletableFuture<?>[]::new))
                .thenApply(ended -> leftovers.size());
    }

    private List<ChallengeJournal.Entry> journalEntries() {
        try {
            return tools.journal().entries();
        } catch (IOException unreadable) {
            log.warn(
                    "The journal of DNS-01 records cannot be read ({}); leftovers stay in DNS.", unreadable.toString());
            return List.of();
        }
    }

    /** Tries no removal again. */
    public void close() {
        records.removals().close();
    }
}
