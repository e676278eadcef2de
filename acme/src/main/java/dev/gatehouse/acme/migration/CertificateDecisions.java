package dev.gatehouse.acme.migration;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.KeyType;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides which certificate is written under which name. The one that lives longest wins, among equals an EC one. */
final class CertificateDecisions {

    private static final Comparator<ImportedCertificate> BETTER = Comparator.<ImportedCertificate, Instant>comparing(
                    found -> found.credential().notAfter())
            .thenComparing(found -> found.credential().keyType() == KeyType.EC);

    private final TargetStorage storage;
    private final Instant now;
    private final boolean overwriting;
    private final boolean isStagingWanted;

    CertificateDecisions(
            TargetStorage storage, InstantSource clock, boolean overwriting, Optional<URI> givenDirectory) {
        this.storage = storage;
        this.now = clock.instant();
        this.overwriting = overwriting;
        this.isStagingWanted = givenDirectory.filter(AcmeDirectories::isStaging).isPresent();
    }

    List<PlannedImport> decide(List<ImportedCertificate> certificates) {
        Map<RecordKey, ImportedCertificate> best = new HashMap<>();
        certificates.stream()
                .filter(found -> refusal(found).isEmpty())
                .forEach(found -> keys(found)
                        .forEach(key ->
                                best.merge(key, found, (one, other) -> BETTER.compare(other, one) > 0 ? other : one)));
        List<PlannedImport> planned = new ArrayList<>();
        for (ImportedCertificate found : certificates) {
            refusal(found)
                    .ifPresentOrElse(
                            planned::add,
                            () -> keys(found)
                                    .forEach(key -> planned.add(decide(key, found, best.getOrDefault(key, found)))));
        }
        return planned;
    }

    private PlannedImport decide(RecordKey key, ImportedCertificate found, ImportedCertificate best) {
        if (best != found) {
            return PlannedImport.refused(
                    key.name(),
                    found.source(),
                    ImportOutcome.SUPERSEDED,
                    "left out " + described(found) + "; " + best.source() + " is taken, " + brief(best.credential())
                            + ".");
        }
        ImportTarget target = new ImportTarget(
                key,
                key.name(),
                found.source(),
                () -> StoredCertificate.encode(
                        found.credential(), issuer(found), found.credential().notBefore()),
                WriteTerms.none().expiringAt(found.credential().notAfter()),
                existing -> compare(found, existing));
        return PlannedImport.of(target, storage.decide(target));
    }

    private Decision compare(ImportedCertificate found, Optional<StoredRecord> record) {
        if (record.isEmpty()) {
            return new Decision(ImportOutcome.IMPORTED, "new, " + described(found) + ".", CertificateStorage.ABSENT);
        }
        long version = record.get().version();
        Optional<Credential> existing = decode(record.get());
        if (existing.isEmpty()) {
            return new Decision(
                    ImportOutcome.REPLACED,
                    "in place of a record that cannot be used, " + described(found) + ".",
                    version);
        }
        return compare(found, existing.get(), version);
    }

    private Decision compare(ImportedCertificate found, Credential existing, long version) {
        if (existing.fingerprint().equals(found.credential().fingerprint())) {
            return new Decision(ImportOutcome.UNCHANGED, "already in the storage, " + described(found) + ".", version);
        }
        boolean livesLonger = found.credential().notAfter().isAfter(existing.notAfter());
        return livesLonger || overwriting
                ? new Decision(
                        ImportOutcome.REPLACED,
                        "in place of one until " + existing.notAfter() + ", " + described(found) + ".",
                        version)
                : new Decision(
                        ImportOutcome.KEPT_EXISTING,
                        "kept the one in the storage, until " + existing.notAfter() + "; left out " + described(found)
                                + ". To take this one, import with overwriting.",
                        version);
    }

    private Optional<PlannedImport> refusal(ImportedCertificate found) {
        Credential credential = found.credential();
        if (credential.notAfter().isBefore(now)) {
            return refused(
                    found,
                    ImportOutcome.EXPIRED,
                    "expired, left out " + described(found) + ". It is issued anew when it is needed.");
        }
        if (credential.notBefore().isAfter(now)) {
            return refused(
                    found,
                    ImportOutcome.NOT_YET_VALID,
                    "not valid before " + credential.notBefore() + ", left out " + described(found)
                            + ". Check the clock of this machine.");
        }
        return isStaging(found) && !isStagingWanted
                ? refused(
                        found,
                        ImportOutcome.STAGING,
                        "issued by a staging service, which no client trusts, left out " + described(found)
                                + ". To take it, name the directory of that service.")
                : Optional.empty();
    }

    private static Optional<PlannedImport> refused(
            ImportedCertificate found, ImportOutcome outcome, String explanation) {
        return Optional.of(PlannedImport.refused(found.names().toString(), found.source(), outcome, explanation));
    }

    private static boolean isStaging(ImportedCertificate found) {
        return found.directory().filter(AcmeDirectories::isStaging).isPresent()
                || found.credential().issuer().getName().contains("(STAGING)");
    }

    private static Stream<RecordKey> keys(ImportedCertificate found) {
        Coverage names = found.names();
        return Stream.concat(
                names.exactNames().stream().map(RecordKey::certificate),
                names.wildcardNames().stream()
                        .map(wildcard -> new RecordKey(RecordKey.Kind.CERTIFICATE, wildcard.toString())));
    }

    private static String issuer(ImportedCertificate found) {
        return found.directory().map(URI::toString).orElse("imported");
    }

    private static Optional<Credential> decode(StoredRecord record) {
        try {
            return Optional.of(StoredCertificate.decode(record.content()).credential());
        } catch (CredentialException unusable) {
            return Optional.empty();
        }
    }

    private static String described(ImportedCertificate found) {
        return brief(found.credential())
                + found.directory().map(url -> ", of " + url).orElse("") + ", from " + found.source();
    }

    private static String brief(Credential credential) {
        return credential.keyType() + " until " + credential.notAfter();
    }
}
