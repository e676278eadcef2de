package dev.gatehouse.acme;

import static dev.gatehouse.acme.RenewalFixture.visit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A year of a server with a thousand names, in simulated time: an authority that moves its suggestions, revokes everything
 * once and is out of order for a week, and keeps count of its limits; another one whose certificates live for days; visitors;
 * tenants that leave; names that cannot be validated.
 */
@Timeout(300)
class YearSimulationTest {

    private static final long SEED = Long.getLong("gatehouse.test.seed", 20_260_601);

    private static final Duration STEP = Duration.ofHours(6);
    private static final int STEPS_PER_DAY = 4;
    private static final int STEPS = 365 * STEPS_PER_DAY;
    private static final Duration FIRST_ORDERS = Duration.ofDays(3);

    private static final int REVOCATION_DAY = 120;
    private static final int MOVED_WINDOWS_DAY = 160;
    private static final int OUTAGE_DAY = 200;
    private static final int TENANTS_LEAVE_DAY = 100;
    private static final int MENDED_DAY = 30;

    private final RenewalFixture fixture = new RenewalFixture();
    private final Random random = new Random(SEED);
    private final Instant begin = fixture.time.instant();
    private final CaLimits limits = CaLimits.letsEncrypt();
    private final CountingLimits counted = new CountingLimits(limits);

    private final List<String> singles = names(100, "shop-%d.firm-%d.com", 20);
    private final List<List<String>> groups = IntStream.range(0, 60)
            .mapToObj(i -> names(10, "part-%d.group-" + i + ".org", 1))
            .toList();
    private final List<String> tenants = names(280, "www.tenant-%d.net", 1);
    private final List<String> strangers = names(40, "stranger-%d.test", 1);
    private final List<String> shortLived = names(6, "six-days-%d.example", 1);
    private final List<String> dayLong = names(1, "one-day-%d.example", 1);
    private final Set<String> leaving = Set.copyOf(tenants.subList(0, 25));
    private final Set<String> broken = Set.of(
            singles.get(0), singles.get(7), groups.get(3).get(2), groups.get(9).get(0));
    private final Set<String> visited = new HashSet<>();

    private final CertificateManager main = start();
    private final SimulatedAuthority shortAuthority = new SimulatedAuthority(fixture.time)
            .lifetimes(request ->
                    request.subject().value().startsWith("one-day") ? Duration.ofDays(1) : Duration.ofDays(6))
            .suggest(credential -> window(credential, Duration.ofHours(0)));
    private final CertificateManager shortLiving = fixture.start(CertificateManager.builder()
            .storage(new SharedMemoryStorage(fixture.time))
            .issuer(shortAuthority)
            .clock(fixture.time)
            .random(new Random(SEED))
            .workers(new DirectWorkers(fixture.time))
            .manage(Stream.concat(shortLived.stream(), dayLong.stream()).toArray(String[]::new)));

    @AfterEach
    void close() {
        fixture.close();
    }

    private static List<String> names(int count, String format, int spread) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format(format, i, i % spread))
                .toList();
    }

    private CertificateManager start() {
        fixture.authority.limits(limits).counting(counted).suggest(credential -> Optional.of(suggestion(credential)));
        broken.forEach(fixture.authority::unprovable);
        OnDemand policy = ManagerFixture.unlimited(OnDemand.asking(IssuancePermission.of(this::isPermitted)))
                .burst(1_000_000, Duration.ofSeconds(1));
        return fixture.start(fixture.builder()
                .random(new Random(SEED))
                .manage(singles.toArray(String[]::new))
                .manage(groups.stream()
                        .map(names -> ManagedCertificate.of(names.toArray(String[]::new)))
                        .toArray(ManagedCertificate[]::new))
                .onDemand(policy));
    }

    private boolean isPermitted(String name) {
        return tenants.contains(name) && !(leaving.contains(name) && day() >= TENANTS_LEAVE_DAY);
    }

    private long day() {
        return Duration.between(begin, fixture.time.instant()).toDays();
    }

    private RenewalInformation suggestion(Credential credential) {
        Instant revocation = begin.plus(Duration.ofDays(REVOCATION_DAY));
        if (day() >= REVOCATION_DAY && credential.notBefore().isBefore(revocation)) {
            return new RenewalInformation(
                    revocation.minus(Duration.ofDays(2)), revocation, Optional.empty(), Duration.ofHours(6));
        }
        boolean isMoved =
                day() >= MOVED_WINDOWS_DAY && credential.serialNumber().intValue() % 3 == 0;
        return window(credential, isMoved ? Duration.ofDays(8) : Duration.ZERO).orElseThrow();
    }

    private static Optional<RenewalInformation> window(Credential credential, Duration earlier) {
        Duration lifetime = Duration.between(credential.notBefore(), credential.notAfter());
        Instant middle = credential.notAfter().minus(lifetime.dividedBy(3)).minus(earlier);
        return Optional.of(new RenewalInformation(
                middle.minus(lifetime.dividedBy(60)),
                middle.plus(lifetime.dividedBy(60)),
                Optional.empty(),
                lifetime.dividedBy(60).plusHours(6)));
    }

    @Test
    void noCertificateThatIsServedEverExpiresAndNoLimitIsExceeded() {
        System.out.println("gatehouse.test.seed=" + SEED);
        for (int step = 0; step < STEPS; step++) {
            happen(day());
            fixture.pass(STEP);
            visitors();
            if (Duration.between(begin, fixture.time.instant()).compareTo(FIRST_ORDERS) > 0) {
                shortLivedNamesAreServed();
                if (step % STEPS_PER_DAY == 0) {
                    everyNameIsServed();
                }
            }
        }

        assertThat(counted.exceeded()).isEmpty();
        noGaps(fixture.authority);
        noGaps(shortAuthority);
        everyRefusedNameIsExplained();
        assertThat(main.health().problems()).isEmpty();
        leaving.forEach(name -> assertThat(visit(main, name)).as(name).isEmpty());
        assertThat(fixture.authority.orders.size()).isBetween(2_000, 6_000);
    }

    private void happen(long day) {
        fixture.authority.down(day >= OUTAGE_DAY && day < OUTAGE_DAY + 7);
        if (day == MENDED_DAY) {
            broken.forEach(fixture.authority::provable);
        }
    }

    /** Each tenant is visited about every four days, and somebody always tries names that nobody permits. */
    private void visitors() {
        for (int i = 0; i < 20; i++) {
            String tenant = tenants.get(random.nextInt(tenants.size()));
            Optional<Credential> served = visit(main, tenant);
            assertValid(tenant, served);
            if (served.isPresent() && !leaving.contains(tenant)) {
                visited.add(tenant);
            }
        }
        for (int i = 0; i < 3; i++) {
            String stranger = strangers.get(random.nextInt(strangers.size()));
            assertThat(visit(main, stranger)).as(stranger).isEmpty();
            assertExplained(main, stranger);
        }
    }

    private void everyNameIsServed() {
        Stream.concat(singles.stream(), groups.stream().flatMap(List::stream))
                .filter(name -> !broken.contains(name) || day() > MENDED_DAY + 1)
                .forEach(name -> assertServed(main, name));
        visited.forEach(name -> assertServed(main, name));
    }

    private void shortLivedNamesAreServed() {
        shortLived.forEach(name -> assertServed(shortLiving, name));
        dayLong.forEach(name -> assertServed(shortLiving, name));
    }

    private void assertServed(CertificateManager manager, String name) {
        CertificateStatus status = manager.status(ServerName.of(name)).orElse(null);
        boolean isValid = status != null && status.state() == CertificateStatus.State.VALID;
        if (!isValid) {
            throw new AssertionError(name + " is not served on day " + day() + ": " + status + ", seed " + SEED);
        }
    }

    private void assertValid(String name, Optional<Credential> served) {
        if (served.filter(credential -> !credential.isValidAt(fixture.time.instant()))
                .isPresent()) {
            throw new AssertionError(name + " is served with " + served.get() + " on day " + day() + ", seed " + SEED);
        }
    }

    private static void assertExplained(CertificateManager manager, String name) {
        assertThat(manager.status(ServerName.of(name)))
                .as(name)
                .hasValueSatisfying(status -> assertThat(status.lastError()).isPresent());
    }

    private void everyRefusedNameIsExplained() {
        strangers.forEach(stranger -> {
            visit(main, stranger);
            assertExplained(main, stranger);
        });
        leaving.forEach(tenant -> {
            visit(main, tenant);
            assertExplained(main, tenant);
        });
    }

    /** Each certificate comes before the one before it ends, for every name but those of tenants that have left. */
    private void noGaps(SimulatedAuthority authority) {
        Map<SubjectName, Instant> validUntil = new HashMap<>();
        List<String> gaps = new ArrayList<>();
        for (Credential credential : authority.issued) {
            for (ServerName name : credential.coverage().exactNames()) {
                Instant before = validUntil.get(name);
                if (before != null && before.isBefore(credential.notBefore())) {
                    gaps.add(name + " without a certificate from " + before + " to " + credential.notBefore());
                }
                validUntil.merge(name, credential.notAfter(), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        assertThat(gaps).isEmpty();
    }
}
