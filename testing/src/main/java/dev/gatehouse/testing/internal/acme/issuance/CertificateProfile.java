package dev.gatehouse.testing.internal.acme.issuance;

import java.time.Duration;

/**
 * A kind of certificate that clients can choose by name (the profiles extension of ACME).
 *
 * @param description one sentence for people
 * @param lifetime how long its certificates last, and the most that can be asked for
 */
public record CertificateProfile(String description, Duration lifetime) {}
