package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.challenge.ChallengeSettings;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What a manager would lend to an issuer that is tested alone. Challenges are answered by HTTP-01. */
final class TestContexts {

    private TestContexts() {}

    static IssuanceContext of(
            CertificateStorage storage,
            Http01Challenges http01,
            InstantSource clock,
            Executor threads,
            IssuanceContext.Timer timer,
            Consumer<CertificateEvent> events) {
        Random random = new Random();
        Challenges challenges = new ChallengeSettings()
                .challenges(new ChallengeSettings.Tools(
                        http01,
                        new TlsAlpn01Challenges(storage, clock, threads),
                        () -> false,
                        storage,
                        clock,
                        random,
                        threads,
                        timer));
        return new IssuanceContext(storage, challenges, http01, clock, random, threads, timer, events);
    }
}
