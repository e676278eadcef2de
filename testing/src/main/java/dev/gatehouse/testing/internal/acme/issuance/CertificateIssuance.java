package dev.gatehouse.testing.internal.acme.issuance;

import dev.gatehouse.testing.LeafBuilder;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.Order;
import dev.gatehouse.testing.internal.acme.state.OrderTerms;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Issues the certificates of finalized orders. Thread safe. */
public final class CertificateIssuance {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");

    private final TestCa ca;
    private final @Nullable RevocationServer revocation;
    private final InstantSource clock;
    private final ValidityPolicy validity;
    private final Duration processingTime;
    private final Orders orders;
    private final Certificates certificates;

    /**
     * Makes an issuer.
     *
     * @param ca signs
     * @param revocation where certificates say that their state can be had, null for nowhere
     * @param clock when validity starts
     * @param validity decides how long certificates last
     * @param processingTime how long a finished certificate is held back
     * @param orders where the outcome is recorded
     * @param certificates where certificates are kept
     */
    public CertificateIssuance(
            TestCa ca,
            @Nullable RevocationServer revocation,
            InstantSource clock,
            ValidityPolicy validity,
            Duration processingTime,
            Orders orders,
            Certificates certificates) {
        this.ca = ca;
        this.revocation = revocation;
        this.clock = clock;
        this.validity = validity;
        this.processingTime = processingTime;
        this.orders = orders;
        this.certificates = certificates;
    }

    /**
     * Issues the certificate of an order that was claimed, and records it.
     *
     * @param order the order
     * @param key the key to be certified
     */
    public void issue(Order order, PublicKey key) {
        OrderTerms terms = order.terms();
        Instant now = clock.instant();
        try {
            LeafBuilder leaf = ca.leaf(
                            terms.identifiers().stream().map(Identifier::value).toList())
                    .validity(validity.start(terms, now), validity.end(terms, now));
            if (revocation != null) {
                leaf.revocation(revocation);
            }
            IssuedCertificate certificate = certificates.add(order.accountId(), leaf.certify(key));
            orders.completeFinalization(order.id(), certificate.id(), now.plus(processingTime));
            LOG.info("{}: certificate issued for order {}", terms.identifiers(), order.id());
        } catch (RuntimeException unexpected) {
            LOG.error("{}: the certificate of order {} could not be made", terms.identifiers(), order.id(), unexpected);
            orders.failFinalization(
                    order.id(),
                    Problem.of(ProblemType.SERVER_INTERNAL, "The CA could not sign: " + unexpected + ". See its log."));
        }
    }
}
