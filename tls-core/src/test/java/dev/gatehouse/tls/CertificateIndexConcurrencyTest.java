package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes while the certificates change under them. */
@Timeout(60)
class CertificateIndexConcurrencyTest {

    private static final int CHANGES = 20_000;
    private static final String[] OWN_NAMES = {"own.test", "*.own.test"};
    private static final String[] ALL_NAMES = {"own.test", "*.own.test", "shared.test", "*.shared.test"};

    private final CertificateIndex index = CertificateIndex.create();
    private final RecentlyChosen chosen = new RecentlyChosen(InstantSource.system(), 4);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger changing = new AtomicInteger(2);
    private final CyclicBarrier start = new CyclicBarrier(4);
    private final Map<String, byte[]> keyOfLeaf = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aNameIsNeverWithoutACredentialAndAKeyNeverWithAChainThatIsNotItsOwn() throws Exception {
        List<Credential> generations = generations(ALL_NAMES);
        List<Credential> visitors = generations("shared.test", "*.shared.test");
        index.add(generations.get(0));

        List<Future<?>> all = Stream.<Callable<?>>of(
                        () -> replaceInTurn(generations),
                        () -> comeAndGo(visitors),
                        () -> handshakes("own.test", "x.own.test"),
                        () -> handshakes("shared.test", "x.shared.test"))
                .<Future<?>>map(threads::submit)
                .toList();
        for (Future<?> thread : all) {
            thread.get();
        }

        Credential last = generations.get(CHANGES % generations.size());
        for (String name : List.of("own.test", "x.own.test", "shared.test", "x.shared.test")) {
            assertThat(index.covering(ServerName.of(name))).containsExactly(last);
        }
    }

    @Test
    void changesOfOneCredentialLeaveAllItsNamesOrNone() throws Exception {
        Credential credential = generations(OWN_NAMES).get(0);
        List<Future<?>> all = new ArrayList<>();
        CyclicBarrier both = new CyclicBarrier(2);
        all.add(threads.submit(() -> {
            for (int i = 0; i < CHANGES; i++) {
                both.await();
                index.add(credential);
                both.await();
                assertThat(index.covering(ServerName.of("own.test")))
                        .isEqualTo(index.covering(ServerName.of("x.own.test")));
                both.await();
            }
            return null;
        }));
        all.add(threads.submit(() -> {
            for (int i = 0; i < CHANGES; i++) {
                both.await();
                index.remove(credential);
                both.await();
                both.await();
            }
            return null;
        }));
        for (Future<?> thread : all) {
            thread.get();
        }
    }

    private Object replaceInTurn(List<Credential> generations) throws Exception {
        start.await();
        for (int i = 0; i < CHANGES; i++) {
            index.replace(generations.get(i % generations.size()), generations.get((i + 1) % generations.size()));
        }
        return changing.decrementAndGet();
    }

    private Object comeAndGo(List<Credential> visitors) throws Exception {
        start.await();
        for (int i = 0; i < CHANGES; i++) {
            Credential visitor = visitors.get(i % visitors.size());
            index.add(visitor);
            index.remove(visitor);
        }
        return changing.decrementAndGet();
    }

    private Object handshakes(String... names) throws Exception {
        List<ClientHello> hellos =
                Arrays.stream(names).map(ServerName::of).map(ClientHello::of).toList();
        start.await();
        long handshakes = 0;
        while (changing.get() > 0) {
            for (ClientHello hello : hellos) {
                Credential credential =
                        index.select(hello).orElseThrow(() -> new AssertionError(hello + " was without a credential"));
                assertThatPairFits(chosen.remember(credential));
                handshakes++;
            }
        }
        return handshakes;
    }

    /** Asks as JSSE does: the key, then the chain. */
    private void assertThatPairFits(String alias) {
        byte[] key = chosen.open(alias).orElseThrow().privateKey().getEncoded();
        byte[] leaf =
                chosen.open(alias).orElseThrow().chain().get(0).getPublicKey().getEncoded();
        if (!Arrays.equals(key, keyOfLeaf.get(Arrays.toString(leaf)))) {
            throw new AssertionError(alias + " had a key and a chain that do not belong together");
        }
    }

    private List<Credential> generations(String... names) {
        List<Credential> generations =
                IntStream.range(0, 3).mapToObj(number -> Certificates.ec(names)).toList();
        for (Credential credential : generations) {
            keyOfLeaf.put(
                    Arrays.toString(credential.leaf().getPublicKey().getEncoded()),
                    credential.privateKey().getEncoded());
        }
        return generations;
    }
}
