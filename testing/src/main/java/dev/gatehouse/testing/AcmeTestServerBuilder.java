package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.acme.AcmeSettings;
import dev.gatehouse.testing.internal.acme.ServerClock;
import dev.gatehouse.testing.internal.acme.issuance.CertificateProfile;
import dev.gatehouse.testing.internal.acme.jws.ExternalAccounts;
import dev.gatehouse.testing.internal.acme.validation.ChallengeValidator;
import dev.gatehouse.testing.internal.acme.validation.Dns01Validator;
import dev.gatehouse.testing.internal.acme.validation.Http01Validator;
import dev.gatehouse.testing.internal.acme.validation.TlsAlpn01Validator;
import dev.gatehouse.testing.internal.acme.validation.ValidationPorts;
import dev.gatehouse.testing.internal.dns.DnsClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Settings of an {@link AcmeTestServer}, begun by {@link AcmeTestServer#builder()}. Each is made at most once, unless it
 * says otherwise. Not safe for use by several threads.
 */
public final class AcmeTestServerBuilder {
    private static final int SHORTEST_MAC_KEY = 32;

    private final Map<String, CertificateProfile> profiles = new LinkedHashMap<>();
    private final List<TestCa> alternateCas = new ArrayList<>();
    private final Map<String, SecretKey> externalAccounts = new LinkedHashMap<>();
    private @Nullable TestCa ca;
    private @Nullable RevocationServer revocation;
    private @Nullable InstantSource clock;
    private @Nullable InetSocketAddress address;
    private @Nullable NameResolver resolver;
    private @Nullable TxtResolver txtResolver;
    private @Nullable Set<AcmeChallenge> challenges;
    private @Nullable Integer http01Port;
    private @Nullable Integer tlsPort;
    private @Nullable Duration validationTimeout;
    private @Nullable Duration certificateLifetime;
    private @Nullable Duration orderLifetime;
    private @Nullable Duration processingTime;
    private @Nullable Duration retryAfter;
    private @Nullable Duration renewalInfoRetryAfter;
    private @Nullable Boolean https;
    private @Nullable Boolean reuseAuthorizations;
    private @Nullable Boolean preAuthorization;
    private @Nullable Boolean unboundAccounts;
    private @Nullable String defaultProfile;
    private @Nullable AcmeRateLimits rateLimits;

    AcmeTestServerBuilder() {}

    /**
     * Sets the CA that signs; the default is a new one.
     *
     * @param newCa signs the certificates
     * @return this builder
     */
    public AcmeTestServerBuilder ca(TestCa newCa) {
        Settings.requireUnset("ca", ca);
        ca = Objects.requireNonNull(newCa, "ca");
        return this;
    }

    /**
     * Lets certificates tell where their state can be had; the default is that they do not. Whoever revokes one by ACME
     * finds it revoked there.
     *
     * @param server a revocation server of the CA that signs, which is then the default for {@link #ca}
     * @return this builder
     */
    public AcmeTestServerBuilder revocation(RevocationServer server) {
        Settings.requireUnset("revocation", revocation);
        revocation = Objects.requireNonNull(server, "server");
        return this;
    }

    /**
     * Adds an alternate chain (RFC 8555 section 7.4.2), which ends at the root of another CA. It may be called for
     * several; the default is none.
     *
     * @param otherCa signs the intermediate of this server's CA, too
     * @return this builder
     */
    public AcmeTestServerBuilder alternateChain(TestCa otherCa) {
        alternateCas.add(Objects.requireNonNull(otherCa, "otherCa"));
        return this;
    }

    /**
     * Sets the clock that orders expire by and that certificates start from; the default is the system's.
     *
     * @param newClock asked on several threads
     * @return this builder
     */
    public AcmeTestServerBuilder clock(InstantSource newClock) {
        Settings.requireUnset("clock", clock);
        clock = Objects.requireNonNull(newClock, "clock");
        return this;
    }

    /**
     * Sets where the server listens; the default is a free port on the loopback address. Listening on all addresses, the
     * server calls itself {@code localhost} in its URLs.
     *
     * @param newAddress address and port, 0 for a free port
     * @return this builder
     */
    public AcmeTestServerBuilder listen(InetSocketAddress newAddress) {
        Settings.requireUnset("listen", address);
        address = Objects.requireNonNull(newAddress, "address");
        return this;
    }

    /**
     * Serves ACME by HTTPS, as public CAs do, with a certificate of the server's own {@link TestCa}, for
     * {@code localhost} and the address it listens on. The default is plain HTTP, which needs no trust in any root.
     *
     * @return this builder
     */
    public AcmeTestServerBuilder https() {
        Settings.requireUnset("https", https);
        https = true;
        return this;
    }

    /**
     * Sets where the servers of names are; the default is {@link NameResolver#loopback()}.
     *
     * @param newResolver asked on validation threads, may block
     * @return this builder
     */
    public AcmeTestServerBuilder resolver(NameResolver newResolver) {
        Settings.requireUnset("resolver", resolver);
        resolver = Objects.requireNonNull(newResolver, "resolver");
        return this;
    }

    /**
     * Sets where the TXT records of DNS-01 are; without it that challenge is not offered.
     *
     * @param newResolver asked on validation threads, may block
     * @return this builder
     */
    public AcmeTestServerBuilder txtResolver(TxtResolver newResolver) {
        Settings.requireUnset("txtResolver", txtResolver);
        txtResolver = Objects.requireNonNull(newResolver, "txtResolver");
        return this;
    }

    /**
     * Looks addresses and TXT records up in DNS, in place of {@link #resolver} and {@link #txtResolver}.
     *
     * @param dns its first server is asked; closed by whoever started it
     * @return this builder
     */
    public AcmeTestServerBuilder dns(TestDns dns) {
        return dns(dns.address());
    }

    /**
     * Looks addresses and TXT records up in DNS, in place of {@link #resolver} and {@link #txtResolver}. It is the
     * server's answers that count; nothing is remembered.
     *
     * @param dnsServer a DNS server that answers for all names, by UDP and TCP
     * @return this builder
     */
    public AcmeTestServerBuilder dns(InetSocketAddress dnsServer) {
        DnsClient client = new DnsClient(Objects.requireNonNull(dnsServer, "dnsServer"));
        return resolver(client::address).txtResolver(client::texts);
    }

    /**
     * Chooses the challenges that are offered for each identifier they can prove. The default is HTTP-01, DNS-01 if
     * there is a {@link #txtResolver}, and TLS-ALPN-01 if there is a {@link #tlsPort}.
     *
     * @param first a challenge
     * @param others more of them
     * @return this builder
     */
    public AcmeTestServerBuilder challenges(AcmeChallenge first, AcmeChallenge... others) {
        Settings.requireUnset("challenges", challenges);
        challenges = EnumSet.of(first, others);
        return this;
    }

    /**
     * Sets the port that HTTP-01 validations connect to; the default is 80.
     *
     * @param newPort from 1 to 65535
     * @return this builder
     */
    public AcmeTestServerBuilder http01Port(int newPort) {
        Settings.requireUnset("http01Port", http01Port);
        http01Port = Settings.port("http01Port", newPort);
        return this;
    }

    /**
     * Sets the port that TLS-ALPN-01 validations connect to, and HTTP-01 validations that are redirected to HTTPS; the
     * default is 443.
     *
     * @param newPort from 1 to 65535
     * @return this builder
     */
    public AcmeTestServerBuilder tlsPort(int newPort) {
        Settings.requireUnset("tlsPort", tlsPort);
        tlsPort = Settings.port("tlsPort", newPort);
        return this;
    }

    /**
     * Sets how long one validation may take, redirects included; the default is 10 seconds.
     *
     * @param newTimeout more than zero
     * @return this builder
     */
    public AcmeTestServerBuilder validationTimeout(Duration newTimeout) {
        Settings.requireUnset("validationTimeout", validationTimeout);
        validationTimeout = Settings.positive("validationTimeout", newTimeout);
        return this;
    }

    /**
     * Sets how long certificates last, which is also the most that an order can ask for; the default is 90 days.
     *
     * @param newLifetime at least a few seconds
     * @return this builder
     */
    public AcmeTestServerBuilder certificateLifetime(Duration newLifetime) {
        Settings.requireUnset("certificateLifetime", certificateLifetime);
        certificateLifetime = Settings.positive("certificateLifetime", newLifetime);
        return this;
    }

    /**
     * Adds a profile, which orders can choose by name. It may be called for several profiles; the default is none.
     *
     * @param name its name
     * @param description one sentence for people, shown in the directory
     * @param lifetime how long its certificates last
     * @return this builder
     */
    public AcmeTestServerBuilder profile(String name, String description, Duration lifetime) {
        Settings.requireUnset("profile " + name, profiles.get(name));
        profiles.put(
                Objects.requireNonNull(name, "name"),
                new CertificateProfile(
                        Objects.requireNonNull(description, "description"), Settings.positive("lifetime", lifetime)));
        return this;
    }

    /**
     * Adds an external account; with one of them, every new account has to be bound to one (RFC 8555 section 7.3.4). It
     * may be called for several accounts; the default is none.
     *
     * @param keyId the key identifier
     * @param macKey the MAC key, base64url as CAs hand it out, of at least 32 bytes
     * @return this builder
     */
    public AcmeTestServerBuilder externalAccount(String keyId, String macKey) {
        Settings.requireUnset("externalAccount " + keyId, externalAccounts.containsKey(keyId) ? "a key" : null);
        byte[] key = Base64.getUrlDecoder().decode(macKey);
        if (key.length < SHORTEST_MAC_KEY) {
            throw new IllegalArgumentException(
                    "macKey: " + key.length + " bytes (expected: at least " + SHORTEST_MAC_KEY + ")");
        }
        externalAccounts.put(Objects.requireNonNull(keyId, "keyId"), new SecretKeySpec(key, "HMAC"));
        return this;
    }

    /**
     * Lets accounts be created without a binding, too, when there is an {@link #externalAccount}. The default is that they
     * cannot.
     *
     * @return this builder
     */
    public AcmeTestServerBuilder allowUnboundAccounts() {
        Settings.requireUnset("allowUnboundAccounts", unboundAccounts);
        unboundAccounts = true;
        return this;
    }

    /**
     * Chooses the profile of orders that choose none; the default is that they have none, and last as long as
     * {@link #certificateLifetime} says.
     *
     * @param name the name of a {@link #profile}, which may be added later
     * @return this builder
     */
    public AcmeTestServerBuilder defaultProfile(String name) {
        Settings.requireUnset("defaultProfile", defaultProfile);
        defaultProfile = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Limits how much the server gives, as public CAs do; the default is {@link AcmeRateLimits#none()}.
     *
     * @param newLimits the limits
     * @return this builder
     */
    public AcmeTestServerBuilder rateLimits(AcmeRateLimits newLimits) {
        Settings.requireUnset("rateLimits", rateLimits);
        rateLimits = Objects.requireNonNull(newLimits, "rateLimits");
        return this;
    }

    /**
     * Offers authorizations ahead of orders ({@code newAuthz}, RFC 8555 section 7.4.1), and lets valid authorizations serve
     * later orders as {@link #reuseAuthorizations} does, which is not to be called then. The default is that the directory
     * has no such resource, as with most public CAs.
     *
     * @return this builder
     */
    public AcmeTestServerBuilder preAuthorization() {
        Settings.requireUnset("preAuthorization", preAuthorization);
        Settings.requireUnset("reuseAuthorizations", reuseAuthorizations);
        preAuthorization = true;
        return this;
    }

    /**
     * Sets how long orders and their authorizations last; the default is 7 days.
     *
     * @param newLifetime more than zero
     * @return this builder
     */
    public AcmeTestServerBuilder orderLifetime(Duration newLifetime) {
        Settings.requireUnset("orderLifetime", orderLifetime);
        orderLifetime = Settings.positive("orderLifetime", newLifetime);
        return this;
    }

    /**
     * Lets valid authorizations serve later orders of the same account, as public CAs do: a new order can be ready at
     * once, without a challenge. The default is that each order needs fresh ones.
     *
     * @return this builder
     */
    public AcmeTestServerBuilder reuseAuthorizations() {
        Settings.requireUnset("reuseAuthorizations", reuseAuthorizations);
        Settings.requireUnset("preAuthorization", preAuthorization);
        reuseAuthorizations = true;
        return this;
    }

    /**
     * Sets how long an order stays {@code processing} after it was finalized, by the server's clock; the default is zero,
     * so that the response to the finalize request shows the certificate already.
     *
     * @param newTime zero or more
     * @return this builder
     */
    public AcmeTestServerBuilder processingTime(Duration newTime) {
        Settings.requireUnset("processingTime", processingTime);
        processingTime = Settings.notNegative("processingTime", newTime);
        return this;
    }

    /**
     * Sets the {@code Retry-After} of challenges, authorizations and orders that are being processed; the default is one
     * second.
     *
     * @param newDelay zero or more; fractions of a second are cut off
     * @return this builder
     */
    public AcmeTestServerBuilder retryAfter(Duration newDelay) {
        Settings.requireUnset("retryAfter", retryAfter);
        retryAfter = Settings.notNegative("retryAfter", newDelay);
        return this;
    }

    /**
     * Sets the {@code Retry-After} of renewal information (RFC 9773 section 4.3); the default is 6 hours.
     *
     * @param newDelay zero or more; fractions of a second are cut off
     * @return this builder
     */
    public AcmeTestServerBuilder renewalInfoRetryAfter(Duration newDelay) {
        Settings.requireUnset("renewalInfoRetryAfter", renewalInfoRetryAfter);
        renewalInfoRetryAfter = Settings.notNegative("renewalInfoRetryAfter", newDelay);
        return this;
    }

    /**
     * Starts the server.
     *
     * @return a running server, to be closed
     * @throws java.io.UncheckedIOException if it cannot listen where it shall
     * @throws IllegalArgumentException if the {@link #revocation} server is that of another CA
     * @throws IllegalStateException if DNS-01 is chosen without a {@link #txtResolver}, or the {@link #defaultProfile} is
     *     none of the profiles
     */
    public AcmeTestServer start() {
        ValidationPorts ports = new ValidationPorts(orElse(http01Port, 80), orElse(tlsPort, 443));
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new AcmeTestServer(
                settings(ports), ports, orElse(address, new InetSocketAddress(loopback, 0)), orElse(https, false));
    }

    private AcmeSettings settings(ValidationPorts ports) {
        ServerClock time = new ServerClock(orElse(clock, InstantSource.system()));
        requireKnown(defaultProfile);
        TestCa signing = signingCa(time);
        if (revocation != null) {
            revocation.requireOf(signing);
        }
        return new AcmeSettings(
                signing,
                alternateCas.stream().map(other -> other.crossSign(signing)).toList(),
                time,
                validators(ports),
                orElse(certificateLifetime, Duration.ofDays(90)),
                profiles,
                defaultProfile,
                new ExternalAccounts(externalAccounts, !externalAccounts.isEmpty() && unboundAccounts == null),
                orElse(orderLifetime, Duration.ofDays(7)),
                reuseAuthorizations != null || preAuthorization != null,
                preAuthorization != null,
                orElse(rateLimits, AcmeRateLimits.none()).settings(),
                orElse(processingTime, Duration.ZERO),
                orElse(retryAfter, Duration.ofSeconds(1)),
                orElse(renewalInfoRetryAfter, Duration.ofHours(6)),
                revocation);
    }

    private void requireKnown(@Nullable String profile) {
        if (profile != null && !profiles.containsKey(profile)) {
            throw new IllegalStateException(
                    "defaultProfile: " + profile + " (expected: one of " + profiles.keySet() + ")");
        }
    }

    private TestCa signingCa(InstantSource time) {
        if (ca != null) {
            return ca;
        }
        return revocation == null ? TestCa.builder().clock(time).build() : revocation.ca();
    }

    private Map<AcmeChallenge, ChallengeValidator> validators(ValidationPorts ports) {
        NameResolver names = orElse(resolver, NameResolver.loopback());
        Duration timeout = orElse(validationTimeout, Duration.ofSeconds(10));
        Map<AcmeChallenge, ChallengeValidator> validators = new EnumMap<>(AcmeChallenge.class);
        for (AcmeChallenge challenge : orElse(challenges, usualChallenges())) {
            validators.put(
                    challenge,
                    switch (challenge) {
                        case HTTP_01 -> new Http01Validator(names, ports, timeout);
                        case DNS_01 -> new Dns01Validator(requireTxtResolver());
                        case TLS_ALPN_01 -> new TlsAlpn01Validator(names, ports, timeout);
                    });
        }
        return validators;
    }

    private Set<AcmeChallenge> usualChallenges() {
        Set<AcmeChallenge> usual = EnumSet.of(AcmeChallenge.HTTP_01);
        if (txtResolver != null) {
            usual.add(AcmeChallenge.DNS_01);
        }
        if (tlsPort != null) {
            usual.add(AcmeChallenge.TLS_ALPN_01);
        }
        return usual;
    }

    private TxtResolver requireTxtResolver() {
        if (txtResolver == null) {
            throw new IllegalStateException("challenges: DNS_01 (expected: a txtResolver that finds its TXT records)");
        }
        return txtResolver;
    }

    private static <T> T orElse(@Nullable T setting, T usual) {
        return setting == null ? usual : setting;
    }
}
