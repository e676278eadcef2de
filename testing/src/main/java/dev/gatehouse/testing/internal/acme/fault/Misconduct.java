package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.internal.acme.state.SuggestedWindow;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a CA does wrong with an order, as different from an HTTP server that does wrong with a request. */
public sealed interface Misconduct {

    /**
     * A validation fails, whatever the client shows.
     *
     * @param problem why, as the client is told
     */
    record RefusedChallenge(Problem problem) implements Misconduct {}

    /**
     * An order becomes invalid when it is finalized.
     *
     * @param problem why, as the client is told
     */
    record FailedOrder(Problem problem) implements Misconduct {}

    /**
     * A finalized order is processed for long.
     *
     * @param polls how many times the client looks at it in vain
     */
    record SlowOrder(int polls) implements Misconduct {}

    /**
     * The certificate is another one than was asked for.
     *
     * @param change what becomes of the terms
     */
    record WrongCertificate(UnaryOperator<CertificateTerms> change) implements Misconduct {}

    /**
     * The certificate is sent with a chain that is none.
     *
     * @param change what becomes of the right chain
     */
    record WrongChain(UnaryOperator<List<X509Certificate>> change) implements Misconduct {}

    /** Renewal information that is out of the ordinary. */
    @FunctionalInterface
    non-sealed interface OddRenewalWindow extends Misconduct {

        /**
         * Chooses a window.
         *
         * @param usual what would be suggested otherwise
         * @param now the present
         * @param earlier how many times this misconduct happened before
         * @return what is suggested
         */
        SuggestedWindow window(SuggestedWindow usual, Instant now, int earlier);
    }
}
