package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CredentialBriefTest {

    private static final Instant NOT_BEFORE = Instant.parse("2026-03-01T10:20:30Z");
    private static final Instant NOT_AFTER = Instant.parse("2026-05-30T21:10:05Z");

    private final Credential ec = Certificates.valid(NOT_BEFORE, Duration.between(NOT_BEFORE, NOT_AFTER), "brief.test");

    private static CredentialChoice at(Instant now, String... algorithms) {
        ClientHello.Builder hello = ClientHello.builder().serverName(ServerName.of("brief.test"));
        return new CredentialChoice(
                (algorithms.length == 0 ? hello : hello.signatureAlgorithms(List.of(algorithms))).build(),
                now.toEpochMilli());
    }

    private static boolean isFit(Credential credential, CredentialChoice choice) {
        return CredentialBrief.isFit(CredentialBrief.of(credential), choice);
    }

    @Test
    void whatItFindsFitIsFitAndOnlyWithinAnHourOfTheEndsItMayNotKnow() {
        long seed = RandomGenerator.getDefault().nextLong();
        RandomGenerator random = new SplittableRandom(seed);
        Duration whole = Duration.between(NOT_BEFORE, NOT_AFTER);
        for (int i = 0; i < 100_000; i++) {
            Instant now = NOT_BEFORE.plusMillis(random.nextLong(-whole.toMillis(), 2 * whole.toMillis()));
            boolean inner = now.isAfter(NOT_BEFORE.plus(Duration.ofHours(1)))
                    && now.isBefore(NOT_AFTER.minus(Duration.ofHours(1)));

            if (isFit(ec, at(now))) {
                assertThat(at(now).isFit(ec)).as("%s, seed %d", now, seed).isTrue();
            } else {
                assertThat(inner).as("%s, seed %d", now, seed).isFalse();
            }
        }
    }

    @Test
    void aKeyThatTheClientCannotVerifyIsNotFit() {
        Instant now = Instant.now().plus(Duration.ofHours(2));

        assertThat(isFit(Certificates.ec("brief.test"), at(now, "SHA256withECDSA")))
                .isTrue();
        assertThat(isFit(Certificates.ec("brief.test"), at(now, "RSASSA-PSS"))).isFalse();
        assertThat(isFit(Certificates.rsa("brief.test"), at(now, "RSASSA-PSS"))).isTrue();
        assertThat(isFit(Certificates.rsa("brief.test"), at(now, "SHA256withECDSA")))
                .isFalse();
    }

    @Test
    void nothingInBriefIsNotFitWhateverTheHashBesideItIs() {
        long hashAlone = -1L << CredentialBrief.BITS;

        assertThat(CredentialBrief.isFit(hashAlone | CredentialBrief.NONE, at(NOT_BEFORE.plusSeconds(7200))))
                .isFalse();
    }

    @Test
    void itFitsBesideAHash() {
        assertThat(CredentialBrief.of(ec) >>> CredentialBrief.BITS).isZero();
        assertThat(CredentialBrief.isFit(
                        CredentialBrief.of(ec) | -1L << CredentialBrief.BITS, at(NOT_BEFORE.plusSeconds(7200))))
                .isTrue();
    }
}
