package dev.gatehouse.testing.internal.acme;

import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.Map;
import java.util.Optional;

/** Tells by its path which resource is asked for. */
final class AcmeResources {
    private static final Map<String, AcmeResource> BY_SEGMENT = Map.ofEntries(
            Map.entry(Urls.DIRECTORY, AcmeResource.DIRECTORY),
            Map.entry(Urls.NEW_NONCE, AcmeResource.NEW_NONCE),
            Map.entry(Urls.NEW_ACCOUNT, AcmeResource.NEW_ACCOUNT),
            Map.entry(Urls.ACCOUNT, AcmeResource.ACCOUNT),
            Map.entry(Urls.ORDERS, AcmeResource.ORDERS),
            Map.entry(Urls.KEY_CHANGE, AcmeResource.KEY_CHANGE),
            Map.entry(Urls.NEW_AUTHORIZATION, AcmeResource.NEW_AUTHORIZATION),
            Map.entry(Urls.NEW_ORDER, AcmeResource.NEW_ORDER),
            Map.entry(Urls.ORDER, AcmeResource.ORDER),
            Map.entry(Urls.AUTHORIZATION, AcmeResource.AUTHORIZATION),
            Map.entry(Urls.CHALLENGE, AcmeResource.CHALLENGE),
            Map.entry(Urls.CERTIFICATE, AcmeResource.CERTIFICATE),
            Map.entry(Urls.REVOKE_CERTIFICATE, AcmeResource.REVOKE_CERTIFICATE),
            Map.entry(Urls.RENEWAL_INFO, AcmeResource.RENEWAL_INFO));

    private AcmeResources() {}

    /** {@return the resource, empty for pages that are for people and for what does not exist} */
    static Optional<AcmeResource> at(ResourcePath path) {
        return path.segment().equals(Urls.ORDER) && path.part().equals(Urls.FINALIZE)
                ? Optional.of(AcmeResource.FINALIZE)
                : Optional.ofNullable(BY_SEGMENT.get(path.segment()));
    }
}
