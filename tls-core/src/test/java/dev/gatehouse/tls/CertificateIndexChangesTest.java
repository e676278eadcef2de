package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An index that changes at random, against the plainest thing that could do its work. */
class CertificateIndexChangesTest {

    private static final int CHANGES = 3_000;
    private static final int NAMES = 120;
    private static final int CREDENTIALS = 150;

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
    private final CertificateIndex index = CertificateIndex.create();
    private final Map<String, Set<Credential>> model = new HashMap<>();

    @Test
    void everyNameHasTheCredentialsThatItWasGiven() {
        System.out.println("CertificateIndexChangesTest: seed " + seed);
        List<Credential> credentials = IntStream.range(0, CREDENTIALS)
                .mapToObj(i -> Certificates.ec(someNames()))
                .toList();

        for (int change = 0; change < CHANGES; change++) {
            changeAtRandom(credentials);
            compare(name(random.nextInt(NAMES)));
        }
        IntStream.range(0, NAMES).forEach(i -> compare(name(i)));
        credentials.forEach(this::remove);
        IntStream.range(0, NAMES).forEach(i -> compare(name(i)));
    }

    @Test
    void whatIsRemovedIsNotHeld() {
        index.add(Certificates.ec("stays.test"));
        WeakReference<Credential> gone = new WeakReference<>(Certificates.ec("a.test", "*.b.test", "stays.test"));
        index.add(gone.get());

        index.remove(gone.get());

        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
    }

    private void changeAtRandom(List<Credential> credentials) {
        Credential some = credentials.get(random.nextInt(CREDENTIALS));
        switch (random.nextInt(6)) {
            case 0, 1 -> add(some);
            case 2 -> remove(some);
            case 3 -> {
                Credential next = credentials.get(random.nextInt(CREDENTIALS));
                index.replace(some, next);
                addToModel(next);
                if (some != next) {
                    removeFromModel(some);
                }
            }
            case 4 -> {
                String name = name(random.nextInt(NAMES));
                assertThat(index.remove(ServerName.of(name)))
                        .as("seed %s", seed)
                        .isEqualTo(model.remove(name) != null);
            }
            default -> {
                String name = wildcard(random.nextInt(NAMES));
                assertThat(index.remove(WildcardName.of(name)))
                        .as("seed %s", seed)
                        .isEqualTo(model.remove(name) != null);
            }
        }
    }

    private void compare(String name) {
        List<Credential> expected = new ArrayList<>(model.getOrDefault(name, Set.of()));
        expected.addAll(model.getOrDefault("*" + name.substring(name.indexOf('.')), Set.of()));
        List<Credential> found = index.covering(ServerName.of(name));
        assertThat(found).as("seed %s, %s", seed, name).hasSameElementsAs(expected);
        assertThat(index.select(ClientHello.of(ServerName.of(name))).isPresent())
                .as("seed %s, %s", seed, name)
                .isEqualTo(!expected.isEmpty());
    }

    private void add(Credential credential) {
        index.add(credential);
        addToModel(credential);
    }

    private void remove(Credential credential) {
        index.remove(credential);
        removeFromModel(credential);
    }

    private void addToModel(Credential credential) {
        names(credential)
                .forEach(name -> model.computeIfAbsent(name, key -> new LinkedHashSet<>())
                        .add(credential));
    }

    private void removeFromModel(Credential credential) {
        names(credential)
                .forEach(name -> model.computeIfPresent(name, (key, present) -> {
                    present.remove(credential);
                    return present.isEmpty() ? null : present;
                }));
    }

    private static List<String> names(Credential credential) {
        List<String> names = new ArrayList<>();
        credential.coverage().exactNames().forEach(name -> names.add(name.value()));
        credential.coverage().wildcardNames().forEach(name -> names.add(name.value()));
        return names;
    }

    private String[] someNames() {
        return IntStream.range(0, 1 + random.nextInt(12))
                .map(i -> random.nextInt(NAMES))
                .mapToObj(i -> random.nextBoolean() ? name(i) : wildcard(i))
                .distinct()
                .toArray(String[]::new);
    }

    private static String name(int number) {
        return "host.zone-" + number + ".test";
    }

    private static String wildcard(int number) {
        return "*.zone-" + number + ".test";
    }
}
