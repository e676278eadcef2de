package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.ca.InternalAuthority;
import dev.gatehouse.acme.internal.ca.StoredAuthority;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority of your own, for development and for names that no public one issues for: private names, IP
 * addresses, wildcards without DNS-01. It issues at once, without challenges and without limits; only those who trust its
 * {@linkplain #root root} trust its certificates.
 *
 * <p>Root and intermediate (ECDSA P-256, for ten years) are made with the first certificate and kept in the manager's
 * storage, where all nodes that share it find them. The key of the root is not kept. The key of the intermediate is as
 * secret as those of certificates: whoever reads the storage can make certificates that your machines trust.
 *
 * <p>Immutable: each method that changes something returns another issuer. Safe for use by several threads; what blocks says
 * so.
 */
public final class InternalCa implements Issuer {

    private static final String NAME = "Gatehouse Internal CA";
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(825);

    private final String name;
    private final Optional<InternalAuthority> given;
    private final Optional<Duration> lifetime;
    private final Optional<CertificateKey> key;
    private final StoredAuthority stored;
    private volatile @Nullable Loaded loaded;

    /** The authority of a storage. */
    private record Loaded(CertificateStorage storage, InternalAuthority authority) {}

    private InternalCa(
            String name, Optional<InternalAuthority> given, Optional<Duration> lifetime, Optional<CertificateKey> key) {
        this.name = name;
        this.given = given;
        this.lifetime = lifetime;
        this.key = key;
        this.stored = new StoredAuthority(name, identity());
    }

    /** {@return the authority of the storage, which is made when it is first needed} */
    public static InternalCa create() {
        return named(NAME);
    }

    /**
     * Makes an authority of a storage that has a name of its own, which people see when they trust its root.
     *
     * @param name its name, 1 to 40 characters
     * @return the authority of that name, which is made when it is first needed
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public static InternalCa named(String name) {
        if (name.isBlank() || name.length() > 40) {
            throw new IllegalArgumentException(
                    "name: '" + name + "' (expected: 1 to 40 characters, such as Example Corp Internal CA)");
        }
        return new InternalCa(name, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Takes an authority that you have already, such as an intermediate of your company's.
     *
     * @param key its private key
     * @param chain its certificate first, then whoever signed it, up to the root
     * @return an issuer that signs with it
     * @throws IllegalArgumentException if the key is not that of the first certificate, or the chain is none of CAs
     */
    public static InternalCa of(PrivateKey key, List<X509Certificate> chain) {
        InternalAuthority authority = new InternalAuthority(key, chain);
        return new InternalCa(
                chain.get(0).getSubjectX500Principal().getName(),
                Optional.of(authority),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Takes an authority that you have already, as PEM.
     *
     * @param chain its certificate first, then whoever signed it, up to the root
     * @param privateKey its private key, not encrypted
     * @return an issuer that signs with it
     * @throws IllegalArgumentException if the key is not that of the first certificate, or the chain is none of CAs
     * @throws dev.gatehouse.tls.CredentialException if it cannot be read
     */
    public static InternalCa ofPem(String chain, String privateKey) {
        return of(Pem.privateKey(privateKey), Pem.certificates(chain));
    }

    /**
     * Sets how long certificates last. Default: 12 hours, as with Caddy's internal issuer. That is short because there is no
     * revocation, and because renewing costs nothing: no limits, no network, no visitor that waits.
     *
     * @param newLifetime one minute to 825 days, the most that Apple's systems take; never longer than the authority itself
     * @return an issuer of such certificates
     * @throws IllegalArgumentException if it is out of its range
     * @throws IllegalStateException if it was set already
     */
    public InternalCa lifetime(Duration newLifetime) {
        if (lifetime.isPresent()) {
            throw new IllegalStateException("lifetime was already set to " + lifetime.get());
        }
        if (newLifetime.compareTo(SHORTEST) < 0 || newLifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("lifetime: " + newLifetime + " (expected: 1 minute to 825 days)");
        }
        return new InternalCa(name, given, Optional.of(newLifetime), key);
    }

    /**
     * Sets the kind of the certificates' keys, where a request does not ask for one. Default: {@link CertificateKey#EC_P256}.
     *
     * @param kind the kind
     * @return an issuer with such keys
     * @throws IllegalStateException if it was set already
     */
    public InternalCa key(CertificateKey kind) {
        if (key.isPresent()) {
            throw new IllegalStateException("key was already set to " + key.get());
        }
        return new InternalCa(name, given, lifetime, Optional.of(kind));
    }

    /**
     * Finds the root, for those who shall trust it. It is made if there is none yet. Blocks on storage.
     *
     * @param storage the storage of the manager
     * @return the root
     * @throws IOException if the storage cannot be reached, or what it has cannot be used
     */
    public X509Certificate root(CertificateStorage storage) throws IOException {
        return authority(storage, Instant.now()).root();
    }

    /**
     * Finds the root as PEM. Blocks on storage.
     *
     * @param storage the storage of the manager
     * @return the root, to be written to a file
     * @throws IOException if the storage cannot be reached, or what it has cannot be used
     */
    public String rootPem(CertificateStorage storage) throws IOException {
        return Pem.encode(List.of(root(storage)));
    }

    @Override
    public String identity() {
        return "internal:" + name;
    }

    /** {@return false: there are no challenges} */
    @Override
    public boolean provesControl() {
        return false;
    }

    @Override
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        return CompletableFuture.supplyAsync(() -> issueNow(request, context), context.worker());
    }

    private Credential issueNow(IssuanceRequest request, IssuanceContext context) {
        Instant now = context.clock().instant();
        InternalAuthority authority = authorityOrFail(context.storage(), now);
        if (!authority.notAfter().isAfter(now)) {
            throw new IssuanceException(
                    identity() + " has expired at " + authority.notAfter()
                            + ". Delete its record from the storage, or give another one, and trust the new root.",
                    null);
        }
        KeyPair keyPair =
                request.key().or(() -> key).orElse(CertificateKey.EC_P256).generate();
        return Credential.of(
                keyPair.getPrivate(),
                authority.issue(request.names(), keyPair.getPublic(), now, lifetime.orElse(LIFETIME)));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The window begins when a third of the lifetime is left and ends when a sixth is. A certificate that another
     * authority has signed, such as an earlier one of this storage, is to be renewed at once.
     */
    @Override
    public CompletionStage<Optional<RenewalInformation>> renewalInformation(
            Credential credential, IssuanceContext context) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Instant now = context.clock().instant();
                    boolean isOwn = authorityOrFail(context.storage(), now).hasIssued(credential.leaf());
                    return Optional.of(window(credential, isOwn));
                },
                context.worker());
    }

    private static RenewalInformation window(Credential credential, boolean isOwn) {
        Instant start = credential.notBefore();
        Duration sixth = Duration.between(start, credential.notAfter()).dividedBy(6);
        Duration askAgainAfter = sixth.compareTo(Duration.ofDays(1)) < 0 ? sixth : Duration.ofDays(1);
        return isOwn
                ? new RenewalInformation(
                        start.plus(sixth.multipliedBy(4)),
                        start.plus(sixth.multipliedBy(5)),
                        Optional.empty(),
                        askAgainAfter)
                : new RenewalInformation(start, start, Optional.empty(), askAgainAfter);
    }

    private InternalAuthority authorityOrFail(CertificateStorage storage, Instant now) {
        try {
            return authority(storage, now);
        } catch (IOException unavailable) {
            throw new CompletionException(
                    new IssuanceException(identity() + " is not available. " + unavailable.getMessage(), unavailable));
        }
    }

    private InternalAuthority authority(CertificateStorage storage, Instant now) throws IOException {
        if (given.isPresent()) {
            return given.get();
        }
        Loaded present = loaded;
        if (present != null && present.storage() == storage) {
            return present.authority();
        }
        InternalAuthority authority = stored.loadOrCreate(storage, now);
        loaded = new Loaded(storage, authority);
        return authority;
    }

    /** {@return its identity} */
    @Override
    public String toString() {
        return identity();
    }
}
