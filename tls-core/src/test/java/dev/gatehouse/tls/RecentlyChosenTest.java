package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentlyChosenTest {

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.EPOCH);
    private final RecentlyChosen chosen = new RecentlyChosen(time::get);

    @Test
    void anAliasIsKnownForOneLifetimeAfterItsLastChoiceAndForgottenAfterTwo() {
        Credential old = Certificates.ec("old.example.com");
        Credential other = Certificates.ec("other.example.com");
        String alias = chosen.remember(old);

        advance(RecentlyChosen.LIFETIME);
        chosen.remember(other);
        assertThat(chosen.find(alias)).containsSame(old);

        advance(RecentlyChosen.LIFETIME);
        chosen.remember(other);
        assertThat(chosen.find(alias)).isEmpty();
        assertThat(chosen.find(other.id())).containsSame(other);
    }

    @Test
    void whatIsChosenAgainStays() {
        Credential used = Certificates.ec("used.example.com");
        for (int i = 0; i < 10; i++) {
            chosen.remember(used);
            advance(RecentlyChosen.LIFETIME);
            assertThat(chosen.find(used.id())).containsSame(used);
        }
    }

    private void advance(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
    }
}
