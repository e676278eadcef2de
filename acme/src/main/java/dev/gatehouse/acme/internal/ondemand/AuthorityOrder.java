package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.LeaseLostException;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order itself, the lease in hand: to the issuers, into storage, into memory. */
final class AuthorityOrder {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final SubjectName name;
    private final Optional<Credential> previous;
    private final PreflightReport warnings;
    private final HeldLease lease;
    private final long version;

    AuthorityOrder(
            FlightContext flight,
            Optional<Credential> previous,
            PreflightReport warnings,
            HeldLease lease,
            long version) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.subject();
        this.previous = previous;
        this.warnings = warnings;
        this.lease = lease;
        this.version = version;
    }

    CompletionStage<Credential> place() {
        return flight.onStorage(this::predecessor)
                .thenCompose(predecessor -> new ChainedOrder(flight, predecessor, warnings).place())
                .handle((issued, failure) -> failure == null
                        ? flight.onStorage(() -> publish(issued))
                        : flight.<Credential>onStorage(() -> fail(FlightContext.causeOf(failure))))
                .thenCompose(outcome -> outcome);
    }

    /** Who issued the earlier certificate is known where it is kept. */
    private Predecessor predecessor() {
        return new Predecessor(previous, previous.flatMap(this::issuerOf));
    }

    private Optional<String> issuerOf(Credential credential) {
        try {
            return tools.archive()
                    .load(flight.plan())
                    .certificate()
                    .filter(stored -> stored.credential().leaf().equals(credential.leaf()))
                    .map(StoredCertificate::issuer);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private Credential publish(ChainedOrder.IssuedBy outcome) {
        Credential issued = outcome.credential();
        String issuer = outcome.issuer();
        Credential served = store(issued, issuer);
        if (served == issued) {
            flight.publish(issued, issuer);
            flight.tell(
                    previous.isPresent()
                            ? new CertificateEvent.Renewed(name, issuer, issued, flight.elapsed())
                            : new CertificateEvent.Issued(name, issuer, issued, flight.elapsed()));
        }
        tools.backOff().succeeded(name);
        return served;
    }

    /** A certificate that cannot be stored is served all the same: the visitor is here, and the order has been spent. */
    private Credential store(Credential issued, String issuer) {
        try {
            tools.archive()
                    .store(
                            flight.plan().id(),
                            issued,
                            issuer,
                            version,
                            WriteTerms.none().fencedBy(lease.current()));
            return issued;
        } catch (LeaseLostException | StaleRecordException overtaken) {
            return compareWithStored(issued, issuer, overtaken);
        } catch (IOException | RuntimeException unwritable) {
            return keepInMemory(issued, issuer, unwritable);
        }
    }

    /** Whoever has lost the lease writes nothing. The other node's certificate is as good as this one. */
    private Credential compareWithStored(Credential issued, String issuer, IOException overtaken) {
        try {
            Optional<StoredCertificate> stored = tools.archive()
                    .load(flight.plan())
                    .certificate()
                    .filter(found -> flight.isWanted(found.credential()));
            if (stored.isPresent()) {
                log.warn(
                        "{}: another node has ordered it meanwhile; its certificate is kept and the one issued here is"
                                + " not. {}",
                        name,
                        overtaken.getMessage());
                flight.serve(stored.get());
                return stored.get().credential();
            }
            return keepInMemory(issued, issuer, overtaken);
        } catch (IOException unreadable) {
            return keepInMemory(issued, issuer, unreadable);
        }
    }

    private Credential keepInMemory(Credential issued, String issuer, Exception why) {
        flight.fail(
                Step.STORE,
                "It was issued and is served, but kept in memory only: " + FlightContext.sentence(why),
                flight.now().plus(UnsavedCertificates.PAUSE));
        tools.unsaved().add(flight.plan(), issued, issuer);
        return issued;
    }

    private Credential fail(Throwable failure) {
        if (!(failure instanceof ChainFailure outcome)) {
            throw failure instanceof RuntimeException unexpected ? unexpected : new CompletionException(failure);
        }
        outcome.postponement().ifPresent(limit -> {
            throw flight.postponed(limit);
        });
        Optional<SubjectName> failedName = outcome.failedName();
        BackOff.Failing failing = tools.backOff()
                .failed(failedName.orElse(name), outcome.reason(), outcome.waitFrom(flight.now()), outcome.rehearse());
        if (failedName.isPresent()
                && tools.groups().splitOff(flight.plan(), failedName.get(), outcome.reason(), failing.nextTry())) {
            throw flight.fail(Step.ORDER, outcome.reason() + " The others go on without it.", flight.now());
        }
        throw flight.fail(Step.ORDER, outcome.reason(), failing.nextTry());
    }
}
