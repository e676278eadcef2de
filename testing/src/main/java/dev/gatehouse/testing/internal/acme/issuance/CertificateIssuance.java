package dev.gatehouse.testing.internal.acme.issuance;

import dev.gatehouse.testing.LeafBuilder;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.fault.CertificateTerms;
import dev.gatehouse.testing.internal.acme.fault.FaultPlan;
import dev.gatehouse.testing.internal.acme.fault.Misconduct;
import dev.gatehouse.testing.internal.acme.limit.IssuanceLimits;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.Order;
import dev.gatehouse.testing.internal.acme.state.OrderTerms;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the certificates of finalized orders, right ones unless a fault has other ideas. Thread safe. */
public final class CertificateIssuance {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");

    private final Signing signing;
    private final InstantSource clock;
    private final ValidityPolicy validity;
    private final Duration processingTime;
    private final Orders orders;
    private final Certificates certificates;
    private final IssuanceLimits limits;
    private final FaultPlan faults;

    /**
     * What certificates are signed with.
     *
     * @param ca signs
     * @param revocation where certificates say that their state can be had, null for nowhere
     * @param issuer where they say that the certificate of their issuer can be had
     */
    public record Signing(TestCa ca, @Nullable RevocationServer revocation, URI issuer) {}

    /**
     * Makes an issuer.
     *
     * @param signing what certificates are signed with
     * @param clock when validity starts
     * @param validity decides how long certificates last
     * @param processingTime how long a finished certificate is held back
     * @param orders where the outcome is recorded
     * @param certificates where certificates are kept
     * @param limits counts certificates
     * @param faults what shall go wrong
     */
    public CertificateIssuance(
            Signing signing,
            InstantSource clock,
            ValidityPolicy validity,
            Duration processingTime,
            Orders orders,
            Certificates certificates,
            IssuanceLimits limits,
            FaultPlan faults) {
        this.signing = signing;
        this.clock = clock;
        this.validity = validity;
        this.processingTime = processingTime;
        this.orders = orders;
        this.certificates = certificates;
        this.limits = limits;
        this.faults = faults;
    }

    /**
     * Issues the certificate of an order that was claimed, and records it.
     *
     * @param order the order
     * @param key the key to be certified
     */
    public void issue(Order order, PublicKey key) {
        List<String> names = names(order.terms());
        var failure = faults.take(Misconduct.FailedOrder.class, names);
        if (failure.isPresent()) {
            fail(order, names, failure.get().misconduct().problem());
            return;
        }
        try {
            IssuedCertificate certificate = certificates.add(order.accountId(), names, sign(order.terms(), names, key));
            limits.issued(order.terms());
            int vainLooks = faults.take(Misconduct.SlowOrder.class, names)
                    .map(met -> met.misconduct().polls())
                    .orElse(0);
            orders.completeFinalization(
                    order.id(), certificate.id(), clock.instant().plus(processingTime), vainLooks);
            LOG.info("{}: certificate issued for order {}", names, order.id());
        } catch (RuntimeException unexpected) {
            LOG.error("{}: the certificate of order {} could not be made", names, order.id(), unexpected);
            orders.failFinalization(
                    order.id(),
                    Problem.of(ProblemType.SERVER_INTERNAL, "The CA could not sign: " + unexpected + ". See its log."));
        }
    }

    private void fail(Order order, List<String> names, Problem problem) {
        LOG.info("{}: order {} meets an injected fault: {}", names, order.id(), problem.detail());
        orders.failFinalization(order.id(), problem);
    }

    private List<X509Certificate> sign(OrderTerms ordered, List<String> names, PublicKey key) {
        Instant now = clock.instant();
        CertificateTerms right =
                new CertificateTerms(names, key, validity.start(ordered, now), validity.end(ordered, now));
        CertificateTerms terms = faults.take(Misconduct.WrongCertificate.class, names)
                .map(met -> met.misconduct().change().apply(right))
                .orElse(right);
        List<X509Certificate> chain = sign(terms);
        return faults.take(Misconduct.WrongChain.class, names)
                .map(met -> met.misconduct().change().apply(chain))
                .orElse(chain);
    }

    private List<X509Certificate> sign(CertificateTerms terms) {
        LeafBuilder leaf = signing.ca().leaf(terms.names()).validity(terms.notBefore(), terms.notAfter());
        if (signing.revocation() == null) {
            leaf.caIssuers(signing.issuer());
        } else {
            leaf.revocation(signing.revocation());
        }
        return leaf.certify(terms.key());
    }

    private static List<String> names(OrderTerms terms) {
        return terms.identifiers().stream().map(Identifier::value).toList();
    }
}
