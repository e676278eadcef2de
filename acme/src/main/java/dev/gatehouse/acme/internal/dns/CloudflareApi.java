package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.DnsProviderException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;

/** The few calls of Cloudflare's API, version 4, that challenges need. Each blocks until the response is there. */
public final class CloudflareApi {

    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LEAST_TIME_TO_LIVE = Duration.ofMinutes(1);
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 50;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,1000}");

    private final URI endpoint;
    private final Supplier<String> token;
    private final HttpApi http;

    /** Makes a client for an endpoint that was checked. */
    public CloudflareApi(URI endpoint, Supplier<String> token, Duration timeout) {
        this.endpoint = endpoint;
        this.token = token;
        this.http = new HttpApi("Cloudflare's API", timeout);
    }

    /** Finds the id of a zone that the token may see; an active zone is preferred to one that is not delegated yet. */
    Optional<String> zoneId(String name) throws DnsProviderException {
        List<CloudflareReply.Item> zones =
                read("/zones?name=" + encoded(name) + "&per_page=50").items();
        return zones.stream()
                .filter(zone -> zone.text("status").equals("active"))
                .findFirst()
                .or(() -> zones.stream().findFirst())
                .map(zone -> zone.text("id"))
                .filter(CloudflareApi::isId);
    }

    /** Adds a record; that it is there already is no failure. */
    public void create(String zone, ChallengeRecord record) throws DnsProviderException {
        long seconds =
                Math.max(LEAST_TIME_TO_LIVE.toSeconds(), record.timeToLive().toSeconds());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "TXT");
        body.put("name", record.name());
        body.put("content", "\"" + record.value() + "\"");
        body.put("ttl", seconds);
        CloudflareReply reply = send(request("/zones/" + zone + "/dns_records")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JsonUtil.toJson(body))));
        if (!reply.isSuccess() && !reply.saysThatRecordExists()) {
            throw reply.failure("adding a record at " + record.name());
        }
    }

    /** Finds the ids of the records with this name and value, on all pages. */
    public List<String> idsOf(String zone, ChallengeRecord record) throws DnsProviderException {
        List<String> ids = new ArrayList<>();
        String path = "/zones/" + zone + "/dns_records?type=TXT&name=" + encoded(record.name()) + "&per_page=" + PAGE;
        for (int page = 1; page <= MOST_PAGES; page++) {
            CloudflareReply reply = read(path + "&page=" + page);
            reply.items().stream()
                    .filter(item -> item.text("name").equalsIgnoreCase(record.name()))
                    .filter(item -> unquoted(item.text("content")).equals(record.value()))
                    .map(item -> item.text("id"))
                    .filter(CloudflareApi::isId)
                    .forEach(ids::add);
            if (page >= reply.pages()) {
                break;
            }
        }
        return ids;
    }

    /** Removes a record; that it is gone already is no failure. */
    public void delete(String zone, String id) throws DnsProviderException {
        CloudflareReply reply =
                send(request("/zones/" + zone + "/dns_records/" + id).DELETE());
        if (!reply.isSuccess() && !reply.saysThatRecordIsGone()) {
            throw reply.failure("removing a record");
        }
    }

    private CloudflareReply read(String path) throws DnsProviderException {
        CloudflareReply reply = send(request(path).GET());
        if (!reply.isSuccess()) {
            throw reply.failure("reading " + path.replaceAll("[?].*", ""));
        }
        return reply;
    }

    private CloudflareReply send(HttpRequest.Builder request) throws DnsProviderException {
        return CloudflareReply.of(http.send(request.build()));
    }

    private HttpRequest.Builder request(String path) throws DnsProviderException {
        return HttpRequest.newBuilder(HttpApi.resolve(endpoint, path))
                .header("Authorization", "Bearer " + currentToken())
                .header("Accept", "application/json");
    }

    private String currentToken() throws DnsProviderException {
        try {
            return requireToken(token.get());
        } catch (RuntimeException unusable) {
            throw DnsProviderException.of(
                    DnsProviderException.Reason.CREDENTIALS, String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private static String unquoted(String content) {
        return content.length() >= 2 && content.startsWith("\"") && content.endsWith("\"")
                ? content.substring(1, content.length() - 1)
                : content;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@return whether this can be the id of a zone or a record} */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Checks a token; the message does not show it. */
    public static String requireToken(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("The Cloudflare API token "
                    + (token.isBlank() ? "is empty" : "has white space or characters in it that no token has")
                    + ". Set it as Cloudflare shows it, without 'Bearer'.");
        }
        return token;
    }

    /** Checks the address of the API. */
    public static URI requireEndpoint(URI endpoint) {
        return HttpApi.requireEndpoint("Cloudflare endpoint", endpoint);
    }

    /** Checks a time-out. */
    public static Duration requireTimeout(Duration timeout) {
        return HttpApi.requireTimeout(timeout, LONGEST_TIMEOUT);
    }
}
