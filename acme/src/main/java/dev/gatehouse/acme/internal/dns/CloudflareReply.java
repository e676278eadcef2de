package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** A response of Cloudflare's API: an envelope with success, errors, the result, and the number of pages. */
final class CloudflareReply {

    private static final Set<Long> RECORD_EXISTS = Set.of(81057L, 81058L);
    private static final long RECORD_IS_GONE = 81044;
    private static final Set<Long> BAD_TOKEN = Set.of(1000L, 6003L, 6111L, 9103L, 9106L, 9109L, 10000L, 10001L);
    private static final long THROTTLED = 971;

    private final HttpReply http;
    private final Map<String, Object> envelope;

    private CloudflareReply(HttpReply http, Map<String, Object> envelope) {
        this.http = http;
        this.envelope = envelope;
    }

    /** Something other than an envelope, such as a gateway's error page, counts as an empty one. */
    static CloudflareReply of(HttpReply http) {
        try {
            return new CloudflareReply(http, JsonUtil.parseJson(http.body()));
        } catch (JoseException | ClassCastException notAnObject) {
            return new CloudflareReply(http, Map.of());
        }
    }

    /** An object within the envelope. */
    record Item(Map<?, ?> members) {

        /** {@return the text member, or an empty string if there is none} */
        String text(String name) {
            return members.get(name) instanceof String text ? text : "";
        }
    }

    boolean isSuccess() {
        return http.isSuccess() && Boolean.TRUE.equals(envelope.get("success"));
    }

    List<Item> items() {
        return itemsOf(envelope.get("result"));
    }

    /** {@return how many pages there are; 1 if it does not say} */
    long pages() {
        return envelope.get("result_info") instanceof Map<?, ?> info && info.get("total_pages") instanceof Long pages
                ? pages
                : 1;
    }

    boolean saysThatRecordExists() {
        return codes().stream().anyMatch(RECORD_EXISTS::contains);
    }

    boolean saysThatRecordIsGone() {
        return http.status() == 404 || codes().contains(RECORD_IS_GONE);
    }

    DnsProviderException failure(String what) {
        String said = "Cloudflare's API refused " + what + " with " + described() + ". ";
        int status = http.status();
        DnsProviderException failure;
        if (status == 429 || codes().contains(THROTTLED)) {
            failure = DnsProviderException.of(
                    Reason.RATE_LIMIT, said + "The account makes more requests than its limit of 1,200 in 5 minutes.");
        } else if (status == 401 || status == 403 || codes().stream().anyMatch(BAD_TOKEN::contains)) {
            failure = DnsProviderException.of(
                    Reason.CREDENTIALS,
                    said
                            + "Give the API token the permissions Zone:DNS:Edit and Zone:Zone:Read for the zone, and, if it has"
                            + " an IP filter or an expiry, check these.");
        } else if (status >= 500 || envelope.isEmpty()) {
            failure = DnsProviderException.unavailable(said + "See www.cloudflarestatus.com.", null);
        } else {
            failure = DnsProviderException.of(Reason.REFUSED, said + "Look at the zone in Cloudflare's dashboard.");
        }
        return http.retryAfter().map(failure::retryAfter).orElse(failure);
    }

    private String described() {
        List<Item> errors = errors();
        if (errors.isEmpty()) {
            return "status " + http.status() + " and " + http.shownBody();
        }
        return "status " + http.status() + " and "
                + errors.stream()
                        .limit(5)
                        .map(error -> "error " + error.members().get("code") + " \""
                                + Texts.oneLine(error.text("message")) + "\"")
                        .collect(Collectors.joining(", "));
    }

    private Set<Long> codes() {
        return errors().stream()
                .map(error -> error.members().get("code"))
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .collect(Collectors.toSet());
    }

    /** The errors, each followed by its chain of causes. */
    private List<Item> errors() {
        List<Item> errors = new ArrayList<>();
        for (Item error : itemsOf(envelope.get("errors"))) {
            errors.add(error);
            errors.addAll(itemsOf(error.members().get("error_chain")));
        }
        return errors;
    }

    private static List<Item> itemsOf(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        return list.stream()
                .filter(Map.class::isInstance)
                .map(item -> new Item((Map<?, ?>) item))
                .toList();
    }
}
