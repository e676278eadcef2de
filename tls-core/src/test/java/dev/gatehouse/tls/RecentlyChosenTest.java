package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        assertThat(open(alias).chain()).isEqualTo(old.chain());

        advance(RecentlyChosen.LIFETIME);
        chosen.remember(other);
        assertThat(chosen.open(alias)).isEmpty();
        assertThat(open(other.id()).chain()).isEqualTo(other.chain());
    }

    @Test
    void whatIsChosenAgainStaysParsed() {
        Credential used = Certificates.ec("used.example.com");
        chosen.remember(used);
        WeakReference<OpenedCredential> opened = new WeakReference<>(open(used.id()));
        for (int i = 0; i < 4; i++) {
            advance(RecentlyChosen.LIFETIME);
            chosen.remember(used);
        }
        System.gc();

        assertThat(opened.get()).isNotNull().isSameAs(open(used.id()));
    }

    @Test
    void whatIsHeldHereIsWhatTheCredentialShowsToAll() {
        Credential used = Certificates.ec("used.example.com");

        OpenedCredential opened = open(chosen.remember(used));

        assertThat(used.leaf()).isSameAs(opened.chain().get(0));
        assertThat(used.privateKey()).isSameAs(opened.privateKey());
    }

    @Test
    void parsedFormsBeyondTheBoundAreLeftToTheCollectorAndStillServed() {
        RecentlyChosen small = new RecentlyChosen(time::get, 2);
        List<Credential> credentials =
                List.of(Certificates.ec("a.test"), Certificates.ec("b.test"), Certificates.ec("c.test"));
        List<WeakReference<OpenedCredential>> opened = credentials.stream()
                .map(credential -> new WeakReference<>(
                        small.open(small.remember(credential)).orElseThrow()))
                .toList();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(opened.get(2).get()).isNull();
        });
        assertThat(opened.get(0).get()).isNotNull();
        assertThat(opened.get(1).get()).isNotNull();
        assertThat(small.open(credentials.get(2).id())).isPresent();
    }

    @Test
    void aTurnGivesThePlacesToThoseWhoAreInUseThen() {
        RecentlyChosen small = new RecentlyChosen(time::get, 1);
        Credential early = Certificates.ec("early.test");
        Credential late = Certificates.ec("late.test");
        small.open(small.remember(early));
        advance(RecentlyChosen.LIFETIME);

        WeakReference<OpenedCredential> opened =
                new WeakReference<>(small.open(small.remember(late)).orElseThrow());
        System.gc();

        assertThat(opened.get()).isNotNull();
    }

    @Test
    void aCredentialThatTheJvmCannotReadIsRefusedWithOneLineInTheLog() {
        Credential unreadable = CredentialTest.unreadable("unreadable.example.com");
        String alias = chosen.remember(unreadable);

        try (LogLines log = LogLines.of(SniKeyManager.class)) {
            assertThat(chosen.open(alias)).isEmpty();
            assertThat(chosen.open(alias)).isEmpty();
            advance(RecentlyChosen.LIFETIME);
            chosen.remember(unreadable);
            assertThat(chosen.open(alias)).isEmpty();

            assertThat(log.containing("unreadable.example.com"))
                    .singleElement()
                    .asString()
                    .startsWith("Credential unreadable.example.com (EC, until ")
                    .contains("not usable, so its handshakes are refused: ")
                    .contains("cannot be read by this JVM");
        }
    }

    private OpenedCredential open(String alias) {
        return chosen.open(alias).orElseThrow();
    }

    private void advance(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
    }
}
