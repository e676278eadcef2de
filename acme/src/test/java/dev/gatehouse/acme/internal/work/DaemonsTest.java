package dev.gatehouse.acme.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonsTest {

    @Test
    void threadsAreNamedDaemonsAndVirtualWhereTheJvmHasThemWithoutPinning() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        Thread thread = Daemons.named("gatehouse-test-").newThread(() -> ran.complete(Thread.currentThread()));
        thread.start();

        assertThat(ran.get(10, TimeUnit.SECONDS).getName()).isEqualTo("gatehouse-test-1");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(Daemons.areVirtual()).isEqualTo(Runtime.version().feature() >= 24);
        assertThat(thread.getClass().getName().contains("Virtual")).isEqualTo(Daemons.areVirtual());
    }
}
