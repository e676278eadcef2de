package dev.gatehouse.acme.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualTime;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private static final ServerName A = ServerName.of("a.example.com");
    private static final ServerName B = ServerName.of("b.example.com");
    private static final ServerName C = ServerName.of("c.example.com");

    private final ManualTime time = new ManualTime();
    private final List<SubjectName> started = new ArrayList<>();
    private final Agenda<SubjectName> agenda = new Agenda<>(time, time, 3, 2, started::add);

    @Test
    void namesAreStartedInTheOrderOfTheirTimesByOneAlarm() {
        agenda.put(B, in(20));
        agenda.put(A, in(10));

        assertThat(time.alarms()).isEqualTo(1);
        time.advance(Duration.ofSeconds(9));
        assertThat(started).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(started).containsExactly(A);
        time.advance(Duration.ofSeconds(10));
        assertThat(started).containsExactly(A, B);
        assertThat(agenda.size()).isZero();
    }

    @Test
    void aNameIsMovedAndStruckOut() {
        agenda.put(A, in(10));
        agenda.put(A, in(30));
        agenda.put(B, in(20));
        agenda.remove(B);

        time.advance(Duration.ofSeconds(29));
        assertThat(started).isEmpty();
        assertThat(agenda.timeOf(A)).contains(in(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(started).containsExactly(A);
    }

    @Test
    void noMoreThanTheBoundAreAtWorkAndTheNextFollowsWhenOneIsDone() {
        agenda.put(A, in(1));
        agenda.put(B, in(1));
        agenda.put(C, in(1));

        time.advance(Duration.ofMinutes(10));
        assertThat(started).containsExactly(A, B);
        assertThat(time.alarms()).isZero();
        agenda.done();
        assertThat(started).containsExactly(A, B, C);
    }

    @Test
    void aFullAgendaLeavesOutTheFarthest() {
        agenda.put(A, in(1));
        agenda.put(B, in(2));
        agenda.put(C, in(3));

        assertThat(agenda.put(ServerName.of("far.example.com"), in(9))).contains(ServerName.of("far.example.com"));
        assertThat(agenda.put(ServerName.of("near.example.com"), in(1))).contains(C);
        assertThat(agenda.size()).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetForwardIsNoticedWithinAMinute() {
        agenda.put(A, in(86_400));

        assertThat(time.untilNextAlarm()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aClosedAgendaStartsNothing() {
        agenda.put(A, in(1));
        agenda.close();
        agenda.put(B, in(1));

        time.advance(Duration.ofMinutes(1));
        assertThat(started).isEmpty();
    }

    @Test
    void aThousandRandomChangesGiveTheOrderOfASort() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<SubjectName> begun = new ArrayList<>();
        Agenda<SubjectName> large = new Agenda<SubjectName>(time, time, 1_000, Integer.MAX_VALUE, begun::add);
        Map<ServerName, Instant> expected = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            ServerName name = ServerName.of("tenant-" + random.nextInt(200) + ".example.com");
            if (random.nextInt(5) == 0) {
                large.remove(name);
                expected.remove(name);
            } else {
                Instant at = in(1 + random.nextInt(100_000));
                large.put(name, at);
                expected.put(name, at);
            }
        }

        time.advance(Duration.ofSeconds(100_001));

        assertThat(begun)
                .as("seed %d", seed)
                .containsExactlyElementsOf(expected.entrySet().stream()
                        .sorted(Map.Entry.<ServerName, Instant>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private Instant in(long seconds) {
        return time.instant().plusSeconds(seconds);
    }
}
