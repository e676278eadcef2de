package dev.gatehouse.tls;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
        return unmatched.refuses() ? found : found.thenCompose(credential -> orUnmatched(credential, hello));
    }

    private CompletionStage<Optional<Credential>> orUnmatched(Optional<Credential> found, ClientHello hello) {
        return found.isPresent() ? CompletableFuture.completedFuture(found) : unmatched.resolve(hello);
    }
}
