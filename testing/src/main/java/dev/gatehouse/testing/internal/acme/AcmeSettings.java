package dev.gatehouse.testing.internal.acme;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.issuance.CertificateProfile;
import dev.gatehouse.testing.internal.acme.jws.ExternalAccounts;
import dev.gatehouse.testing.internal.acme.limit.LimitSettings;
import dev.gatehouse.testing.internal.acme.validation.ChallengeValidator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server behaves.
 *
 * @param ca signs the certificates
 * @param alternateIntermediates other certificates of the CA's intermediate; each makes one alternate chain
 * @param clock decides what has expired and when validity starts
 * @param validators how each offered challenge is checked
 * @param certificateLifetime how long certificates without a profile last
 * @param profiles what orders can choose by name
 * @param defaultProfile the profile of orders that choose none, null for none
 * @param externalAccounts what new accounts have to be bound to
 * @param orderLifetime how long an order and its authorizations last
 * @param reuseAuthorizations whether a valid authorization serves later orders, too
 * @param preAuthorization whether identifiers can be authorized ahead of an order
 * @param limits how much is given
 * @param processingTime how long a finished certificate is held back
 * @param retryAfter when clients shall look again at what is being processed
 * @param renewalInfoRetryAfter when clients shall look again at renewal information
 * @param revocation where certificates say that their state can be had, null for nowhere
 */
public record AcmeSettings(
        TestCa ca,
        List<X509Certificate> alternateIntermediates,
        ServerClock clock,
        Map<AcmeChallenge, ChallengeValidator> validators,
        Duration certificateLifetime,
        Map<String, CertificateProfile> profiles,
        @Nullable String defaultProfile,
        ExternalAccounts externalAccounts,
        Duration orderLifetime,
        boolean reuseAuthorizations,
        boolean preAuthorization,
        LimitSettings limits,
        Duration processingTime,
        Duration retryAfter,
        Duration renewalInfoRetryAfter,
        @Nullable RevocationServer revocation) {

    /** Makes the collections immutable. */
    public AcmeSettings {
        alternateIntermediates = List.copyOf(alternateIntermediates);
        validators = Collections.unmodifiableMap(new EnumMap<>(validators));
        profiles = Map.copyOf(profiles);
    }
}
