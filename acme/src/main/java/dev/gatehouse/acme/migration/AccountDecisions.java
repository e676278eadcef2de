package dev.gatehouse.acme.migration;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.order.StoredAccount;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which accounts are written: one for each authority, and none over one that is in use. */
final class AccountDecisions {

    private final TargetStorage storage;
    private final boolean overwriting;

    AccountDecisions(TargetStorage storage, boolean overwriting) {
        this.storage = storage;
        this.overwriting = overwriting;
    }

    List<PlannedImport> decide(List<ImportedAccount> accounts) {
        Map<URI, ImportedAccount> preferred = new HashMap<>();
        List<PlannedImport> planned = new ArrayList<>();
        for (ImportedAccount account : accounts) {
            planned.add(account.directory()
                    .map(directory -> {
                        ImportedAccount first = preferred.putIfAbsent(directory, account);
                        return first == null ? decide(directory, account) : superseded(directory, account, first);
                    })
                    .orElseGet(() -> PlannedImport.refused(
                            subject(account),
                            account.source(),
                            ImportOutcome.UNKNOWN_DIRECTORY,
                            "the folder does not tell which authority it is with, left out " + account.source()
                                    + ". Name the ACME directory, or a new account will be made.")));
        }
        return planned;
    }

    private PlannedImport decide(URI directory, ImportedAccount account) {
        ImportTarget target = new ImportTarget(
                RecordKey.account(directory.toString()),
                subject(account) + " at " + directory,
                account.source(),
                () -> encode(account),
                WriteTerms.none(),
                existing -> compare(account, existing));
        return PlannedImport.of(target, storage.decide(target));
    }

    private static PlannedImport superseded(URI directory, ImportedAccount account, ImportedAccount first) {
        return PlannedImport.refused(
                subject(account) + " at " + directory,
                account.source(),
                ImportOutcome.SUPERSEDED,
                "left out " + account.source() + "; one account is enough, and that of " + first.source()
                        + " is in use or newer.");
    }

    private Decision compare(ImportedAccount account, Optional<StoredRecord> record) {
        if (record.isEmpty()) {
            return new Decision(
                    ImportOutcome.IMPORTED, "new, from " + account.source() + ".", CertificateStorage.ABSENT);
        }
        long version = record.get().version();
        Optional<KeyPair> existing = decode(record.get());
        if (existing.isEmpty()) {
            return new Decision(
                    ImportOutcome.REPLACED,
                    "in place of a record that cannot be used, from " + account.source() + ".",
                    version);
        }
        if (existing.get().getPublic().equals(account.keyPair().getPublic())) {
            return new Decision(ImportOutcome.UNCHANGED, "already in the storage.", version);
        }
        return overwriting
                ? new Decision(
                        ImportOutcome.REPLACED, "in place of another account, from " + account.source() + ".", version)
                : new Decision(
                        ImportOutcome.KEPT_EXISTING,
                        "kept the other account that is in the storage; left out " + account.source()
                                + ". To use this one, import with overwriting.",
                        version);
    }

    private static Optional<KeyPair> decode(StoredRecord record) {
        try {
            return Optional.of(StoredAccount.decodeKey(record.content()));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    private static byte[] encode(ImportedAccount account) {
        if (account.location().isEmpty()) {
            return StoredAccount.encodeKey(account.keyPair());
        }
        try {
            return new StoredAccount(account.keyPair(), account.location().get().toURL()).encode();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("An http URI is a URL: " + account.location(), impossible);
        }
    }

    private static String subject(ImportedAccount account) {
        return "account"
                + account.location().map(url -> " " + url).orElse("")
                + (account.contacts().isEmpty() ? "" : " (" + String.join(", ", account.contacts()) + ")");
    }
}
