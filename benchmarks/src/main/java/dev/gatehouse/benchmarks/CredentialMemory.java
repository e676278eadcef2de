package dev.gatehouse.benchmarks;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.ServerName;
import java.lang.ref.Reference;
import java.util.List;
import java.util.stream.IntStream;

/** How much heap a credential costs that waits in an index for its handshakes, its entries there included. */
final class CredentialMemory {

    private CredentialMemory() {}

    static List<Result> measure(int credentials) {
        BulkAuthority authority = BulkAuthority.create();
        BulkAuthority.Issued sample = authority.issue("tenant-000000.customers.example");
        fill(CertificateIndex.create(), authority, 1000);
        long before = usedHeap();
        CertificateIndex index = CertificateIndex.create();
        fill(index, authority, credentials);
        long used = usedHeap() - before;
        ClientHello last = ClientHello.of(ServerName.of(name(credentials - 1)));
        if (index.select(last).isEmpty()) {
            throw new IllegalStateException(last + " is not in the index");
        }
        Reference.reachabilityFence(index);
        return List.of(Result.of(
                "Heap per credential among " + credentials + " (EC, two certificates, leaf of " + sample.leaf().length
                        + " bytes, one name), index included",
                "< 1536 B",
                "%d B",
                used / credentials));
    }

    private static void fill(CertificateIndex index, BulkAuthority authority, int credentials) {
        IntStream.range(0, credentials)
                .parallel()
                .forEach(i -> index.add(authority.issue(name(i)).credential()));
    }

    static String name(int number) {
        return String.format("tenant-%06d.customers.example", number);
    }

    /** Collects until the number does not fall any more. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int steady = 0; steady < 3; steady++) {
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            if (used < least) {
                least = used;
                steady = 0;
            }
        }
        return least;
    }
}
