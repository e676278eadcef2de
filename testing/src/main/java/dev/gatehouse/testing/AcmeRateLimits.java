package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.acme.limit.LimitSettings;
import dev.gatehouse.testing.internal.acme.limit.RateLimit;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much an {@link AcmeTestServer} gives before it answers {@code rateLimited}, status 429, with a {@code Retry-After}
 * and in the words of Let's Encrypt:
 *
 * <pre>{@code
 * AcmeRateLimits limits = AcmeRateLimits.none().certificatesPerRegisteredDomain(2, Duration.ofDays(7));
 * try (AcmeTestServer acme = AcmeTestServer.builder().rateLimits(limits).start();
 *         MyAcmeClient client = MyAcmeClient.of(acme)) {
 *     client.obtain("a.example.com");
 *     client.obtain("b.example.com");
 * }
 * }</pre>
 *
 * <p>The third order for names below {@code example.com} is then refused: "too many certificates (2) already issued for
 * "example.com" in the last 168h0m0s, retry after 2030-01-04 12:00:00 UTC: see ...".
 *
 * <p>A limit of 2 in 7 days gives two at once, and then one each 3.5 days, by the server's clock. It is looked at when an
 * order is made. Orders that {@code replace} a certificate (RFC 9773) meet no limit, and orders for the names of an earlier
 * certificate meet only those of the exact set and of failed authorizations.
 *
 * <p>Immutable; each method returns new limits.
 */
public final class AcmeRateLimits {
    private static final AcmeRateLimits NONE =
            new AcmeRateLimits(new LimitSettings(null, null, null, null, AcmeRateLimits::lastTwoLabels));

    private final LimitSettings settings;

    private AcmeRateLimits(LimitSettings settings) {
        this.settings = settings;
    }

    /** {@return no limit at all, to add some} */
    public static AcmeRateLimits none() {
        return NONE;
    }

    /**
     * The limits that Let's Encrypt published in 2025: 50 certificates per registered domain and 5 per exact set of names
     * in 7 days, 300 new orders per account in 3 hours, 5 failed authorizations per name and account in an hour.
     *
     * @return these limits
     */
    public static AcmeRateLimits letsEncrypt() {
        return NONE.certificatesPerRegisteredDomain(50, Duration.ofDays(7))
                .certificatesPerExactSet(5, Duration.ofDays(7))
                .newOrdersPerAccount(300, Duration.ofHours(3))
                .failedAuthorizations(5, Duration.ofHours(1));
    }

    /**
     * Limits the certificates for names below one registered domain, of all accounts together.
     *
     * @param count how many at once, 1 or more
     * @param period in what time as many are free again, more than zero
     * @return these limits with that one
     */
    public AcmeRateLimits certificatesPerRegisteredDomain(int count, Duration period) {
        return with(
                limit(count, period),
                settings.certificatesPerExactSet(),
                settings.newOrdersPerAccount(),
                settings.failedAuthorizations());
    }

    /**
     * Limits the certificates for the same names, of all accounts together.
     *
     * @param count how many at once, 1 or more
     * @param period in what time as many are free again, more than zero
     * @return these limits with that one
     */
    public AcmeRateLimits certificatesPerExactSet(int count, Duration period) {
        return with(
                settings.certificatesPerRegisteredDomain(),
                limit(count, period),
                settings.newOrdersPerAccount(),
                settings.failedAuthorizations());
    }

    /**
     * Limits the orders of one account.
     *
     * @param count how many at once, 1 or more
     * @param period in what time as many are free again, more than zero
     * @return these limits with that one
     */
    public AcmeRateLimits newOrdersPerAccount(int count, Duration period) {
        return with(
                settings.certificatesPerRegisteredDomain(),
                settings.certificatesPerExactSet(),
                limit(count, period),
                settings.failedAuthorizations());
    }

    /**
     * Limits the failed validations of one account for one name.
     *
     * @param count how many at once, 1 or more
     * @param period in what time as many are free again, more than zero
     * @return these limits with that one
     */
    public AcmeRateLimits failedAuthorizations(int count, Duration period) {
        return with(
                settings.certificatesPerRegisteredDomain(),
                settings.certificatesPerExactSet(),
                settings.newOrdersPerAccount(),
                limit(count, period));
    }

    /**
     * Says what the registered domain of a name is. CAs look it up in the public suffix list; the default here is its last
     * two labels, which is wrong below {@code co.uk}, and an IP address itself.
     *
     * @param rule told a name in lower case without a star, or an IP address; called on several threads
     * @return these limits with that rule
     */
    public AcmeRateLimits registeredDomain(UnaryOperator<String> rule) {
        return new AcmeRateLimits(new LimitSettings(
                settings.certificatesPerRegisteredDomain(),
                settings.certificatesPerExactSet(),
                settings.newOrdersPerAccount(),
                settings.failedAuthorizations(),
                Objects.requireNonNull(rule, "rule")));
    }

    LimitSettings settings() {
        return settings;
    }

    private AcmeRateLimits with(
            @Nullable RateLimit perDomain,
            @Nullable RateLimit perExactSet,
            @Nullable RateLimit perAccount,
            @Nullable RateLimit failures) {
        return new AcmeRateLimits(
                new LimitSettings(perDomain, perExactSet, perAccount, failures, settings.registeredDomain()));
    }

    private static RateLimit limit(int count, Duration period) {
        return new RateLimit(count, period);
    }

    private static String lastTwoLabels(String name) {
        if (name.indexOf(':') >= 0 || name.matches("[0-9.]+")) {
            return name;
        }
        int last = name.lastIndexOf('.');
        return last < 0 ? name : name.substring(name.lastIndexOf('.', last - 1) + 1);
    }
}
