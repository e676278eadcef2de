package dev.gatehouse.tls;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A resolver with a policy for missing server names and one for unmatched ones. */
record PolicedResolver(CertificateResolver resolver, ServerNamePolicy missing, ServerNamePolicy unmatched)
        implements CertificateResolver {

    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        if (hello.serverName().isEmpty()) {
            return hello.invalidServerName().isPresent() ? unmatched.resolve(hello) : missing.resolve(hello);
        }
        CompletionStage<Optional<Credential>> found = resolver.resolve(hello);
        return unmatched.refuses()
                ? found
                : found.exceptionally(PolicedResolver::noneIfDecided)
                        .thenCompose(credential -> orUnmatched(credential, hello));
    }

    /** Whoever decides against a certificate of its own does not decide against the one for unmatched names. */
    private static Optional<Credential> noneIfDecided(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NoCertificateException) {
            return Optional.empty();
        }
        throw new CompletionException(cause);
    }

    private CompletionStage<Optional<Credential>> orUnmatched(Optional<Credential> found, ClientHello hello) {
        return found.isPresent() ? CompletableFuture.completedFuture(found) : unmatched.resolve(hello);
    }
}
