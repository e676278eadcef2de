package dev.gatehouse.acme;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A certificate authority whose lifetimes, suggestions and moods a test decides on. For one thread. */
final class SimulatedAuthority implements Issuer {

    final List<IssuanceRequest> orders = new ArrayList<>();
    final List<Credential> issued = new ArrayList<>();
    final List<Credential> revoked = new ArrayList<>();
    final List<Instant> questions = new ArrayList<>();

    private final ManualTime time;
    private final TestCa ca;
    /** One of each kind for all, since making them takes long. */
    private final Map<CertificateKey, KeyPair> keys = new EnumMap<>(CertificateKey.class);

    private final Set<SubjectName> unprovable = new HashSet<>();
    private Function<IssuanceRequest, Duration> lifetimes = request -> Duration.ofDays(90);
    private Function<Credential, Optional<RenewalInformation>> suggestions = credential -> Optional.empty();
    private Predicate<IssuanceRequest> orderFailing = request -> false;
    private boolean isDown;
    private CaLimits limits = CaLimits.none();
    private CountingLimits counted = new CountingLimits(CaLimits.none());

    SimulatedAuthority(ManualTime time) {
        this.time = time;
        this.ca = TestCa.builder().clock(time).build();
    }

    SimulatedAuthority lifetimes(Function<IssuanceRequest, Duration> newLifetimes) {
        lifetimes = newLifetimes;
        return this;
    }

    SimulatedAuthority lifetime(Duration lifetime) {
        return lifetimes(request -> lifetime);
    }

    SimulatedAuthority suggest(Function<Credential, Optional<RenewalInformation>> newSuggestions) {
        suggestions = newSuggestions;
        return this;
    }

    /** The same window for all certificates. */
    SimulatedAuthority suggest(Instant start, Instant end, Duration askAgainAfter) {
        return suggest(credential -> Optional.of(new RenewalInformation(start, end, Optional.empty(), askAgainAfter)));
    }

    SimulatedAuthority limits(CaLimits newLimits) {
        limits = newLimits;
        return this;
    }

    /** Keeps count of its limits there. */
    SimulatedAuthority counting(CountingLimits counting) {
        counted = counting;
        return this;
    }

    void down(boolean down) {
        isDown = down;
    }

    void failOrders(Predicate<IssuanceRequest> failing) {
        orderFailing = failing;
    }

    /** The challenge for a name fails from now on. */
    void unprovable(String name) {
        unprovable.add(SubjectName.of(name));
    }

    void provable(String name) {
        unprovable.remove(SubjectName.of(name));
    }

    IssuanceRequest lastOrder() {
        return orders.get(orders.size() - 1);
    }

    @Override
    public String identity() {
        return "simulated";
    }

    @Override
    public CaLimits limits() {
        return limits;
    }

    @Override
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        orders.add(request);
        if (isDown) {
            return CompletableFuture.failedFuture(unreachable());
        }
        counted.ordered(request, time.instant());
        if (orderFailing.test(request)) {
            return CompletableFuture.failedFuture(new IssuanceException("The order is refused. Mend it.", null));
        }
        @Nullable
        SubjectName failing = request.names().stream()
                .filter(unprovable::contains)
                .findFirst()
                .orElse(null);
        if (failing != null) {
            counted.validationFailed(failing, time.instant());
            return CompletableFuture.failedFuture(new IssuanceException(
                            IssuanceException.Kind.VALIDATION_FAILED, "The challenge failed. Mend it.", null, null)
                    .about(failing));
        }
        Instant now = time.instant();
        Credential credential = credential(ca.leaf(
                        request.names().stream().map(SubjectName::value).toArray(String[]::new))
                .keyPair(keys.computeIfAbsent(request.key().orElse(CertificateKey.EC_P256), CertificateKey::generate))
                .validity(now, now.plus(lifetimes.apply(request)))
                .material());
        issued.add(credential);
        counted.issued(request, now);
        return CompletableFuture.completedFuture(credential);
    }

    @Override
    public CompletionStage<Optional<RenewalInformation>> renewalInformation(
            Credential credential, IssuanceContext context) {
        questions.add(time.instant());
        return isDown
                ? CompletableFuture.failedFuture(unreachable())
                : CompletableFuture.completedFuture(suggestions.apply(credential));
    }

    @Override
    public CompletionStage<Void> revoke(Credential credential, RevocationReason reason, IssuanceContext context) {
        if (isDown) {
            return CompletableFuture.failedFuture(unreachable());
        }
        revoked.add(credential);
        return CompletableFuture.completedFuture(null);
    }

    /** The key is matched by its public half, without a signature: a simulated year has very many certificates. */
    private static Credential credential(CertificateMaterial material) {
        List<byte[]> chain = new ArrayList<>();
        for (X509Certificate certificate : material.chain()) {
            try {
                chain.add(certificate.getEncoded());
            } catch (CertificateEncodingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return Credential.ofDer(material.privateKey().getEncoded(), chain);
    }

    private static IssuanceException unreachable() {
        return new IssuanceException(
                IssuanceException.Kind.AUTHORITY_FAILED,
                "The authority cannot be reached. It is tried again.",
                null,
                null);
    }
}
