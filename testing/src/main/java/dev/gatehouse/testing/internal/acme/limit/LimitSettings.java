package dev.gatehouse.testing.internal.acme.limit;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one CA.
 *
 * @param certificatesPerRegisteredDomain new certificates for names below one registered domain
 * @param certificatesPerExactSet certificates for the same names
 * @param newOrdersPerAccount new orders of one account
 * @param failedAuthorizations failed validations of one account for one name
 * @param registeredDomain finds the registered domain of a name
 */
public record LimitSettings(
        @Nullable RateLimit certificatesPerRegisteredDomain,
        @Nullable RateLimit certificatesPerExactSet,
        @Nullable RateLimit newOrdersPerAccount,
        @Nullable RateLimit failedAuthorizations,
        UnaryOperator<String> registeredDomain) {}
