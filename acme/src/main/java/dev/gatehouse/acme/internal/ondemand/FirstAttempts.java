package dev.gatehouse.acme.internal.ondemand;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Tells who added certificates when the first attempt for each of them is over. */
final class FirstAttempts {

    private final Map<CertificateId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Complete when an attempt for each has ended after now. */
    CompletionStage<Void> await(Collection<CertificateId> ids) {
        CompletableFuture<?>[] all = ids.stream()
                .map(id -> waiting.computeIfAbsent(id, first -> new CompletableFuture<>()))
                .toArray(CompletableFuture[]::new);
        if (closed) {
            close();
        }
        return CompletableFuture.allOf(all);
    }

    void ended(CertificateId id) {
        CompletableFuture<Void> first = waiting.remove(id);
        if (first != null) {
            first.complete(null);
        }
    }

    void close() {
        closed = true;
        waiting.keySet().forEach(this::ended);
    }
}
