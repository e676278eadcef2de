package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.issuance.CertificateProfile;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The directory (RFC 8555 section 7.1.1), where every client begins. */
public final class DirectoryResource implements Resource {
    private final Urls urls;
    private final Agreements agreements;
    private final Offer offer;

    /**
     * What a directory tells about the server.
     *
     * @param profiles what orders can choose by name
     * @param externalAccountRequired whether new accounts have to be bound
     * @param preAuthorization whether identifiers can be authorized ahead of an order
     */
    public record Offer(
            Map<String, CertificateProfile> profiles, boolean externalAccountRequired, boolean preAuthorization) {

        /** Makes the map immutable. */
        public Offer {
            profiles = Map.copyOf(profiles);
        }
    }

    /**
     * Makes the directory.
     *
     * @param urls the URLs it lists
     * @param agreements knows the present terms of service
     * @param offer what it tells about the server
     */
    public DirectoryResource(Urls urls, Agreements agreements, Offer offer) {
        this.urls = urls;
        this.agreements = agreements;
        this.offer = offer;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("newNonce", urls.of(Urls.NEW_NONCE));
        json.put("newAccount", urls.of(Urls.NEW_ACCOUNT));
        json.put("newOrder", urls.of(Urls.NEW_ORDER));
        if (offer.preAuthorization()) {
            json.put("newAuthz", urls.of(Urls.NEW_AUTHORIZATION));
        }
        json.put("revokeCert", urls.of(Urls.REVOKE_CERTIFICATE));
        json.put("keyChange", urls.of(Urls.KEY_CHANGE));
        json.put("renewalInfo", urls.of(Urls.RENEWAL_INFO));
        json.put("meta", meta());
        return AcmeResponse.json(200, json);
    }

    private Map<String, Object> meta() {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("termsOfService", agreements.terms().toString());
        meta.put("website", agreements.terms().toString());
        if (offer.externalAccountRequired()) {
            meta.put("externalAccountRequired", true);
        }
        if (!offer.profiles().isEmpty()) {
            Map<String, Object> descriptions = new TreeMap<>();
            offer.profiles().forEach((name, profile) -> descriptions.put(name, profile.description()));
            meta.put("profiles", descriptions);
        }
        return meta;
    }
}
