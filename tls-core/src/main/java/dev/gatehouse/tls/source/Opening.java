package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The attempt to make a credential of what was found. */
final class Opening {

    private final Found found;
    private final @Nullable Held previous;
    private final boolean isOneOfMany;
    private final Instant now;
    private @Nullable Credential credential;
    private @Nullable String problem;
    private @Nullable Instant retryAt;

    Opening(Found found, @Nullable Held previous, boolean isOneOfMany, Instant now) {
        this.found = found;
        this.previous = previous;
        this.isOneOfMany = isOneOfMany;
        this.now = now;
    }

    void open() {
        try {
            Credential made = found.credential().get();
            if (previous != null || !isOneOfMany) {
                requireUsable(made);
            }
            problem = whyNot(made);
            credential = problem == null ? made : null;
        } catch (CredentialException unusable) {
            problem = String.valueOf(unusable.getMessage());
        }
    }

    /** Has the key prove whose it is. Among very many new ones that waits until the key is used. */
    private static void requireUsable(Credential made) {
        made.privateKey();
    }

    /** A certificate that clients refuse must not take the place of one that they accept. */
    private @Nullable String whyNot(Credential made) {
        if (previous == null || made.isValidAt(now) || !previous.credential().isValidAt(now)) {
            return null;
        }
        if (made.notAfter().isBefore(now)) {
            return "The new certificate has expired at " + made.notAfter() + ". Give one that is valid.";
        }
        retryAt = made.notBefore();
        return "The new certificate is valid from " + made.notBefore() + " only. It is taken then; check the clock.";
    }

    Found found() {
        return found;
    }

    @Nullable
    Held previous() {
        return previous;
    }

    @Nullable
    Credential credential() {
        return credential;
    }

    /** When another attempt makes sense although the content is the same, or null. */
    @Nullable
    Instant retryAt() {
        return retryAt;
    }

    /** Why there is no credential. */
    String problem() {
        return String.valueOf(problem);
    }
}
