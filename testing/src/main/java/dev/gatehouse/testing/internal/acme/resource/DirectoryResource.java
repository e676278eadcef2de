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
    private final AcmeResponse directory;

    /**
     * Makes the directory.
     *
     * @param urls the URLs it lists
     * @param profiles what orders can choose by name
     * @param externalAccountRequired whether new accounts have to be bound
     */
    public DirectoryResource(Urls urls, Map<String, CertificateProfile> profiles, boolean externalAccountRequired) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("newNonce", urls.of(Urls.NEW_NONCE));
        json.put("newAccount", urls.of(Urls.NEW_ACCOUNT));
        json.put("newOrder", urls.of(Urls.NEW_ORDER));
        json.put("revokeCert", urls.of(Urls.REVOKE_CERTIFICATE));
        json.put("keyChange", urls.of(Urls.KEY_CHANGE));
        json.put("renewalInfo", urls.of(Urls.RENEWAL_INFO));
        json.put("meta", meta(urls, profiles, externalAccountRequired));
        this.directory = AcmeResponse.json(200, json);
    }

    private static Map<String, Object> meta(
            Urls urls, Map<String, CertificateProfile> profiles, boolean externalAccountRequired) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("termsOfService", urls.of(Urls.TERMS));
        meta.put("website", urls.of(Urls.TERMS));
        if (externalAccountRequired) {
            meta.put("externalAccountRequired", true);
        }
        if (!profiles.isEmpty()) {
            Map<String, Object> descriptions = new TreeMap<>();
            profiles.forEach((name, profile) -> descriptions.put(name, profile.description()));
            meta.put("profiles", descriptions);
        }
        return meta;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) {
        return directory;
    }
}
