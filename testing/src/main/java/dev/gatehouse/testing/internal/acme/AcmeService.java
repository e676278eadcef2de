package dev.gatehouse.testing.internal.acme;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.internal.acme.fault.FaultPlan;
import dev.gatehouse.testing.internal.acme.issuance.CertificateIssuance;
import dev.gatehouse.testing.internal.acme.issuance.ValidityPolicy;
import dev.gatehouse.testing.internal.acme.jws.Nonces;
import dev.gatehouse.testing.internal.acme.jws.RequestVerifier;
import dev.gatehouse.testing.internal.acme.limit.IssuanceLimits;
import dev.gatehouse.testing.internal.acme.record.ExchangeLog;
import dev.gatehouse.testing.internal.acme.record.ExchangeReader;
import dev.gatehouse.testing.internal.acme.record.Happenings;
import dev.gatehouse.testing.internal.acme.resource.AccountResource;
import dev.gatehouse.testing.internal.acme.resource.Agreements;
import dev.gatehouse.testing.internal.acme.resource.AuthorizationResource;
import dev.gatehouse.testing.internal.acme.resource.CertificateResource;
import dev.gatehouse.testing.internal.acme.resource.ChallengeResource;
import dev.gatehouse.testing.internal.acme.resource.DirectoryResource;
import dev.gatehouse.testing.internal.acme.resource.IssuerResource;
import dev.gatehouse.testing.internal.acme.resource.KeyChangeResource;
import dev.gatehouse.testing.internal.acme.resource.NewAccountResource;
import dev.gatehouse.testing.internal.acme.resource.NewAuthorizationResource;
import dev.gatehouse.testing.internal.acme.resource.NewOrderResource;
import dev.gatehouse.testing.internal.acme.resource.OpenResource;
import dev.gatehouse.testing.internal.acme.resource.OrderResource;
import dev.gatehouse.testing.internal.acme.resource.OrdersResource;
import dev.gatehouse.testing.internal.acme.resource.RenewalInfoResource;
import dev.gatehouse.testing.internal.acme.resource.Resource;
import dev.gatehouse.testing.internal.acme.resource.RetryAfter;
import dev.gatehouse.testing.internal.acme.resource.RevocationResource;
import dev.gatehouse.testing.internal.acme.resource.SignedResource;
import dev.gatehouse.testing.internal.acme.state.Accounts;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.Counters;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.validation.Validations;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One ACME server without its HTTP: the stores, the rules and the resources, put together. */
public final class AcmeService implements AutoCloseable {
    private static final int MAX_NONCES = 10_000;
    private static final int MAX_ACCOUNTS = 10_000;
    private static final int MAX_ORDERS = 50_000;
    private static final String TERMS =
            "Certificates of this ACME server are for tests. Nobody else trusts them, and neither should you.\n";

    private final Accounts accounts = new Accounts(MAX_ACCOUNTS);
    private final Certificates certificates = new Certificates();
    private final Counters counters = new Counters();
    private final FaultPlan faults = new FaultPlan();
    private final RandomTokens tokens = new RandomTokens();
    private final Nonces nonces = new Nonces(tokens, MAX_NONCES);
    private final AcmeSettings settings;
    private final Urls urls;
    private final ExchangeLog exchanges = new ExchangeLog();
    private final Happenings happenings = new Happenings();
    private final Agreements agreements;
    private final IssuanceLimits limits;
    private final Orders orders;
    private final Validations validations;
    private final RequestVerifier verifier;
    private final Map<String, Resource> resources = new HashMap<>();

    /**
     * Puts a server together.
     *
     * @param settings how it behaves
     * @param urls the URLs of its resources
     */
    public AcmeService(AcmeSettings settings, Urls urls) {
        this.settings = settings;
        this.urls = urls;
        this.agreements = new Agreements(urls);
        this.limits = new IssuanceLimits(settings.limits(), settings.clock());
        this.orders = new Orders(
                settings.clock(), tokens, settings.orderLifetime(), settings.reuseAuthorizations(), MAX_ORDERS);
        this.validations = new Validations(orders, settings.validators(), counters, limits, faults, happenings);
        this.verifier = new RequestVerifier(accounts, nonces, urls);
        addOpenResources();
        addAccountResources();
        addOrderResources();
        addCertificateResources();
    }

    /** {@return the resources by the first segment of their paths} */
    public Map<String, Resource> resources() {
        return Map.copyOf(resources);
    }

    /** {@return the nonces of this server} */
    public Nonces nonces() {
        return nonces;
    }

    /** {@return the URLs of this server} */
    public Urls urls() {
        return urls;
    }

    /** {@return the accounts} */
    public Accounts accounts() {
        return accounts;
    }

    /** {@return the orders} */
    public Orders orders() {
        return orders;
    }

    /** {@return the certificates} */
    public Certificates certificates() {
        return certificates;
    }

    /** {@return what the tests want it to do wrong} */
    public FaultPlan faults() {
        return faults;
    }

    /** {@return the counters} */
    public Counters counters() {
        return counters;
    }

    /** {@return the terms of service, and who agreed to them} */
    public Agreements agreements() {
        return agreements;
    }

    /** {@return what was asked and answered} */
    public ExchangeLog exchanges() {
        return exchanges;
    }

    /** {@return what waits for something to happen} */
    public Happenings happenings() {
        return happenings;
    }

    void record(AcmeRequest request, Optional<AcmeResource> resource, AcmeResponse response) {
        exchanges.add(ExchangeReader.read(settings.clock().instant(), request, resource.orElse(null), response));
        happenings.happened();
    }

    private void addOpenResources() {
        DirectoryResource.Offer offer = new DirectoryResource.Offer(
                settings.profiles(), settings.externalAccounts().areRequired(), settings.preAuthorization());
        open(Urls.DIRECTORY, new DirectoryResource(urls, agreements, offer));
        open(Urls.NEW_NONCE, request -> AcmeResponse.empty(request.method().equals("HEAD") ? 200 : 204));
        open(Urls.TERMS, request -> AcmeResponse.text(200, "text/plain; charset=utf-8", TERMS));
        RetryAfter retryAfter = new RetryAfter(settings.renewalInfoRetryAfter());
        open(Urls.RENEWAL_INFO, new RenewalInfoResource(certificates, faults, settings.clock(), retryAfter));
        open(Urls.AGREEMENT, this::agree);
        open(Urls.ISSUER, new IssuerResource(settings.ca().intermediateCertificate()));
    }

    /** The page that people are sent to when the terms have changed: who opens it agrees. */
    private AcmeResponse agree(AcmeRequest request) {
        accounts.find(request.path().id()).ifPresent(account -> agreements.agree(account.id()));
        return AcmeResponse.text(200, "text/plain; charset=utf-8", "You have agreed to " + agreements.terms() + "\n");
    }

    private void addAccountResources() {
        signed(Urls.NEW_ACCOUNT, new NewAccountResource(accounts, settings.externalAccounts(), agreements, urls));
        signed(Urls.ACCOUNT, new AccountResource(accounts, orders, urls));
        signed(Urls.ORDERS, new OrdersResource(orders, urls));
        signed(Urls.KEY_CHANGE, new KeyChangeResource(accounts, urls));
    }

    private void addOrderResources() {
        InstantSource clock = settings.clock();
        RetryAfter retryAfter = new RetryAfter(settings.retryAfter());
        ValidityPolicy validity =
                new ValidityPolicy(settings.certificateLifetime(), settings.profiles(), settings.defaultProfile());
        CertificateIssuance issuance = new CertificateIssuance(
                new CertificateIssuance.Signing(
                        settings.ca(), settings.revocation(), URI.create(urls.of(Urls.ISSUER, "intermediate.cer"))),
                clock,
                validity,
                settings.processingTime(),
                orders,
                certificates,
                limits,
                faults);
        Set<AcmeChallenge> offered = settings.validators().keySet();
        if (settings.preAuthorization()) {
            signed(Urls.NEW_AUTHORIZATION, new NewAuthorizationResource(orders, offered, agreements, clock, urls));
        }
        signed(
                Urls.NEW_ORDER,
                new NewOrderResource(orders, certificates, offered, validity, agreements, limits, clock, urls));
        signed(Urls.ORDER, new OrderResource(orders, issuance, retryAfter, urls));
        signed(Urls.AUTHORIZATION, new AuthorizationResource(orders, clock, retryAfter, urls));
        signed(Urls.CHALLENGE, new ChallengeResource(orders, validations, clock, retryAfter, urls));
    }

    private void addCertificateResources() {
        signed(Urls.CERTIFICATE, new CertificateResource(certificates, settings.alternateIntermediates(), urls));
        signed(Urls.REVOKE_CERTIFICATE, new RevocationResource(settings.ca(), certificates, orders, settings.clock()));
    }

    private void open(String segment, Resource content) {
        resources.put(segment, new OpenResource(content));
    }

    private void signed(String segment, SignedResource.Handler handler) {
        resources.put(segment, new SignedResource(verifier, handler));
    }

    /** Stops the validations. */
    @Override
    public void close() {
        validations.close();
    }
}
