package dev.gatehouse.micrometer;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateStatistics;
import dev.gatehouse.acme.CertificateStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one certificate manager.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>Name</th><th>Tags</th><th>What</th></tr>
 *   <tr><td>{@code gatehouse.certificates}</td><td>{@code state}</td><td>how many names are in which state</td></tr>
 *   <tr><td>{@code gatehouse.certificates.earliest.expiry}</td><td></td><td>seconds until the first valid certificate
 *       expires; not a number if there is none</td></tr>
 *   <tr><td>{@code gatehouse.issuance}</td><td>{@code issuer}, {@code kind} (issued, renewed)</td><td>timer: from the first
 *       handshake to the certificate</td></tr>
 *   <tr><td>{@code gatehouse.issuance.failures}</td><td>{@code step}</td><td>attempts that failed</td></tr>
 *   <tr><td>{@code gatehouse.issuance.refusals}</td><td>{@code by} (denied, unknown, or the name of a limit)</td>
 *       <td>names that were refused</td></tr>
 *   <tr><td>{@code gatehouse.permission.questions}</td><td></td><td>how often the permission was asked</td></tr>
 *   <tr><td>{@code gatehouse.certificates.events}</td><td>{@code event} (loaded, evicted, expired, stale, damaged)</td>
 *       <td>what happened to certificates</td></tr>
 *   <tr><td>{@code gatehouse.issuance.flights}</td><td></td><td>names that are being worked on</td></tr>
 *   <tr><td>{@code gatehouse.handshakes.waiting}</td><td></td><td>handshakes that wait for them</td></tr>
 *   <tr><td>{@code gatehouse.orders.waiting}</td><td></td><td>orders that wait for their turn at the authority</td></tr>
 *   <tr><td>{@code gatehouse.retries.waiting}</td><td></td><td>names that wait for their next attempt</td></tr>
 *   <tr><td>{@code gatehouse.events.lost}</td><td></td><td>events that no listener was told of</td></tr>
 * </table>
 *
 * <p>The gauges look at all names, at most once a second however many of them are read. Safe for use by several threads.
 */
public final class CertificateMetrics implements AutoCloseable {

    private final CertificateManager manager;
    private final MeterRegistry registry;
    private final CertificateManager.Subscription subscription;
    private final List<Meter> meters = new ArrayList<>();
    private final CachedStatistics statistics;

    private CertificateMetrics(CertificateManager manager, MeterRegistry registry) {
        this.manager = manager;
        this.registry = registry;
        this.statistics = new CachedStatistics(manager);
        for (CertificateStatus.State state : CertificateStatus.State.values()) {
            String tag = state.name().toLowerCase(Locale.ROOT).replace('_', '-');
            register(Gauge.builder(
                            "gatehouse.certificates",
                            statistics,
                            cached -> cached.get().byState().getOrDefault(state, 0))
                    .tag("state", tag)
                    .description("Names in this state"));
        }
        register(Gauge.builder("gatehouse.certificates.earliest.expiry", statistics, CertificateMetrics::earliestExpiry)
                .baseUnit("seconds")
                .description("Time until the first valid certificate expires"));
        gauge("gatehouse.issuance.flights", "Names that are being worked on", CertificateStatistics::flights);
        gauge(
                "gatehouse.handshakes.waiting",
                "Handshakes that wait for a certificate",
                CertificateStatistics::waitingHandshakes);
        gauge(
                "gatehouse.orders.waiting",
                "Orders that wait for their turn at the authority",
                CertificateStatistics::waitingOrders);
        gauge(
                "gatehouse.retries.waiting",
                "Names that wait for their next attempt",
                CertificateStatistics::waitingRetries);
        meters.add(FunctionCounter.builder(
                        "gatehouse.events.lost",
                        manager,
                        read -> read.statistics().lostEvents())
                .description("Events that no listener was told of")
                .register(registry));
        this.subscription = manager.listen(this::count);
    }

    /**
     * Registers the meters of a manager.
     *
     * @param manager the manager
     * @param registry where the meters go
     * @return removes them again when closed
     */
    public static CertificateMetrics bind(CertificateManager manager, MeterRegistry registry) {
        return new CertificateMetrics(manager, registry);
    }

    /** Stops counting, and removes the gauges. Counters and timers keep what they have. */
    @Override
    public void close() {
        subscription.close();
        meters.forEach(registry::remove);
    }

    private void register(Gauge.Builder<?> gauge) {
        meters.add(gauge.strongReference(true).register(registry));
    }

    private void gauge(String name, String description, ToDoubleFunction<CertificateStatistics> value) {
        register(Gauge.builder(name, statistics, cached -> value.applyAsDouble(cached.get()))
                .description(description));
    }

    private static double earliestExpiry(CachedStatistics cached) {
        return cached.get()
                .earliestNotAfter()
                .map(end -> (double) Duration.between(Instant.now(), end).toSeconds())
                .orElse(Double.NaN);
    }

    private void count(CertificateEvent event) {
        if (event instanceof CertificateEvent.Issued issued) {
            time(issued.issuer(), "issued", issued.elapsed());
        } else if (event instanceof CertificateEvent.Renewed renewed) {
            time(renewed.issuer(), "renewed", renewed.elapsed());
        } else if (event instanceof CertificateEvent.Failed failed) {
            increment("gatehouse.issuance.failures", "step", failed.step().name());
        } else if (event instanceof CertificateEvent.Denied denied) {
            increment("gatehouse.issuance.refusals", "by", denied.verdict().name());
        } else if (event instanceof CertificateEvent.Limited limited) {
            registry.counter("gatehouse.issuance.refusals", "by", limited.limit())
                    .increment();
        } else if (event instanceof CertificateEvent.Asked) {
            registry.counter("gatehouse.permission.questions").increment();
        } else if (event instanceof CertificateEvent.Loaded) {
            increment("gatehouse.certificates.events", "event", "loaded");
        } else if (event instanceof CertificateEvent.Evicted) {
            increment("gatehouse.certificates.events", "event", "evicted");
        } else if (event instanceof CertificateEvent.Expired) {
            increment("gatehouse.certificates.events", "event", "expired");
        } else if (event instanceof CertificateEvent.ServedStale) {
            increment("gatehouse.certificates.events", "event", "stale");
        } else if (event instanceof CertificateEvent.DamagedRecord) {
            increment("gatehouse.certificates.events", "event", "damaged");
        }
    }

    private void time(String issuer, String kind, Duration elapsed) {
        Timer.builder("gatehouse.issuance")
                .description("From the first handshake to the certificate")
                .tag("issuer", issuer)
                .tag("kind", kind)
                .register(registry)
                .record(elapsed);
    }

    private void increment(String name, String tag, String value) {
        registry.counter(name, tag, value.toLowerCase(Locale.ROOT)).increment();
    }

    /** {@return which manager this is about} */
    @Override
    public String toString() {
        return "meters of " + manager;
    }
}
