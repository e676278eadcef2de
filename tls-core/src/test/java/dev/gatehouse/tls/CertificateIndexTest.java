package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CertificateIndexTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final CertificateIndex index = CertificateIndex.create(time::get);

    @Test
    void exactNameBeatsWildcard() {
        Credential wildcard = valid(90, "*.example.com");
        Credential exact = valid(30, "app.example.com");
        index.add(wildcard);
        index.add(exact);

        assertThat(select("app.example.com")).isSameAs(exact);
        assertThat(select("other.example.com")).isSameAs(wildcard);
        assertThat(index.covering(ServerName.of("app.example.com"))).containsExactly(exact, wildcard);
    }

    @Test
    void wildcardCoversOneLabelOnly() {
        index.add(valid(30, "*.example.com"));

        assertThat(index.select(hello("a.b.example.com"))).isEmpty();
        assertThat(index.select(hello("example.com"))).isEmpty();
        assertThat(index.select(ClientHello.builder().build())).isEmpty();
    }

    @Test
    void expiredNeverBeatsValid() {
        Credential exact = valid(10, "app.example.com");
        Credential wildcard = valid(30, "*.example.com");
        index.add(exact);
        index.add(wildcard);

        time.set(NOW.plus(DAY.multipliedBy(11)));
        assertThat(select("app.example.com")).isSameAs(wildcard);

        index.remove(wildcard);
        assertThat(select("app.example.com")).isSameAs(exact);
    }

    @Test
    void clientGetsAKeyThatItCanVerifyAndEcdsaIfItCanVerifyBoth() {
        Credential rsa = Certificates.rsa("app.example.com");
        Credential ec = Certificates.ec("app.example.com");
        CertificateIndex today = CertificateIndex.create();
        today.add(rsa);
        today.add(ec);

        assertThat(today.select(verifying("SHA256withRSA", "SHA256withECDSA"))).containsSame(ec);
        assertThat(today.select(verifying("RSASSA-PSS", "SHA256withRSA"))).containsSame(rsa);
        assertThat(today.select(verifying("SHA256withRSAandMGF1"))).containsSame(rsa);
        assertThat(today.select(verifying("Ed25519"))).containsSame(ec);
    }

    @Test
    void whatTheClientCanVerifyBeatsWhatItCannotEvenWhenItHasExpired() {
        Credential expiredEc = valid(10, "app.example.com");
        Credential validRsa = Certificates.credential(Certificates.builder("app.example.com")
                .rsa2048()
                .validityInterval(
                        NOW.toEpochMilli(), NOW.plus(DAY.multipliedBy(30)).toEpochMilli())
                .build());
        index.add(expiredEc);
        index.add(validRsa);
        time.set(NOW.plus(DAY.multipliedBy(11)));

        assertThat(index.select(verifying("SHA256withECDSA"))).containsSame(expiredEc);
        assertThat(index.select(verifying("SHA256withECDSA", "RSASSA-PSS"))).containsSame(validRsa);
        assertThat(select("app.example.com")).as("algorithms not known").isSameAs(validRsa);
    }

    @Test
    void whatIsNotYetValidYieldsToWhatIs() {
        Credential tomorrow = Certificates.valid(NOW.plus(DAY), DAY.multipliedBy(90), "app.example.com");
        Credential today = valid(2, "app.example.com");
        index.add(tomorrow);
        index.add(today);

        assertThat(select("app.example.com")).isSameAs(today);

        time.set(NOW.plus(DAY));
        assertThat(select("app.example.com")).isSameAs(tomorrow);
    }

    @Test
    void aWildcardThatTheClientCanVerifyBeatsAnExactNameThatItCannot() {
        Credential exact = Certificates.rsa("app.example.com");
        Credential wildcard = Certificates.ec("*.example.com");
        CertificateIndex today = CertificateIndex.create();
        today.add(exact);
        today.add(wildcard);

        assertThat(today.select(verifying("SHA256withECDSA"))).containsSame(wildcard);
        assertThat(today.select(verifying("SHA256withECDSA", "SHA256withRSA"))).containsSame(exact);
    }

    @Test
    void oneNameCanBeRemovedAndTheOthersStay() {
        Credential both = valid(30, "a.example.com", "b.example.com", "*.example.com");
        index.add(both);

        assertThat(index.remove(ServerName.of("a.example.com"))).isTrue();
        assertThat(index.remove(ServerName.of("a.example.com"))).isFalse();

        assertThat(select("a.example.com")).as("by the wildcard").isSameAs(both);
        assertThat(index.remove(WildcardName.of("*.example.com"))).isTrue();
        assertThat(index.remove(WildcardName.of("*.example.com"))).isFalse();
        assertThat(index.select(hello("a.example.com"))).isEmpty();
        assertThat(index.select(hello("c.example.com"))).isEmpty();
        assertThat(select("b.example.com")).isSameAs(both);
    }

    @Test
    void aCredentialCanTakeItsOwnPlace() {
        Credential same = valid(30, "a.example.com");
        index.add(same);

        index.replace(same, same);

        assertThat(select("a.example.com")).isSameAs(same);
    }

    @Test
    void longerLifeWins() {
        Credential shorter = valid(30, "app.example.com");
        Credential longer = valid(60, "app.example.com");
        index.add(longer);
        index.add(shorter);

        assertThat(select("app.example.com")).isSameAs(longer);
    }

    @Test
    void replacedCredentialIsGoneFromEveryName() {
        Credential previous = valid(30, "a.example.com", "b.example.com", "*.c.example.com");
        Credential next = valid(60, "b.example.com");
        index.add(previous);

        index.replace(previous, next);

        assertThat(index.select(hello("a.example.com"))).isEmpty();
        assertThat(index.select(hello("x.c.example.com"))).isEmpty();
        assertThat(select("b.example.com")).isSameAs(next);
        assertThat(index.covering(ServerName.of("b.example.com"))).containsExactly(next);
    }

    @Test
    void addingTwiceIsAddingOnce() {
        Credential credential = valid(30, "a.example.com");
        index.add(credential);
        index.add(credential);

        index.remove(credential);

        assertThat(index.covering(ServerName.of("a.example.com"))).isEmpty();
    }

    private static Credential valid(int days, String... names) {
        return Certificates.valid(NOW.minus(DAY), DAY.multipliedBy(days + 1), names);
    }

    private Credential select(String name) {
        return index.select(hello(name)).orElseThrow();
    }

    private static ClientHello hello(String name) {
        return ClientHello.of(ServerName.of(name));
    }

    private static ClientHello verifying(String... algorithms) {
        return ClientHello.builder()
                .serverName(ServerName.of("app.example.com"))
                .signatureAlgorithms(List.of(algorithms))
                .build();
    }
}
