package dev.gatehouse.undertow;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Answers at once for what an index covers, and for names that begin with {@code slow} only when it is told to. */
final class SlowResolver implements CertificateResolver {

    private final CertificateIndex index;
    private final CompletableFuture<Boolean> released = new CompletableFuture<>();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    SlowResolver(CertificateIndex index) {
        this.index = index;
    }

    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        boolean slow = hello.serverName().isPresent()
                && hello.serverName().get().toString().startsWith("slow");
        if (!slow) {
            return index.resolve(hello);
        }
        waiting.add(hello.serverName().get().toString());
        return released.thenCompose(yes -> index.resolve(hello));
    }

    /** How many names have been asked for in vain so far. */
    int waiting() {
        return waiting.size();
    }

    void release() {
        released.complete(true);
    }
}
