package dev.gatehouse.acme.dns;

import java.time.Duration;

/** Records to present in tests of providers. */
final class Records {

    private Records() {}

    static ChallengeRecord at(String name) {
        return at(name, 1);
    }

    /** Records with different numbers have different values. */
    static ChallengeRecord at(String name, int number) {
        String token = "token" + number;
        return new ChallengeRecord(
                name,
                name.replaceFirst("^_acme-challenge\\.", ""),
                token,
                token + ".thumbprint",
                Duration.ofSeconds(60));
    }
}
