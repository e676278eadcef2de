package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.OrderStatus;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Authorization;
import dev.gatehouse.testing.internal.acme.state.Challenge;
import dev.gatehouse.testing.internal.acme.state.Order;
import dev.gatehouse.testing.internal.acme.state.OrderView;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON objects of RFC 8555 section 7.1. */
final class Representations {
    private final Urls urls;

    Representations(Urls urls) {
        this.urls = urls;
    }

    Map<String, Object> account(Account account) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", account.status().token());
        json.put("contact", account.contacts());
        json.put("termsOfServiceAgreed", true);
        json.put("orders", urls.of(Urls.ORDERS, account.id()));
        return json;
    }

    Map<String, Object> order(OrderView view) {
        Order order = view.order();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", view.status().token());
        json.put("expires", time(order.expires()));
        json.put(
                "identifiers",
                order.terms().identifiers().stream().map(Identifier::toJson).toList());
        putIfPresent(json, "notBefore", order.terms().notBefore());
        putIfPresent(json, "notAfter", order.terms().notAfter());
        putIfPresent(json, "profile", order.terms().profile());
        putIfPresent(json, "replaces", order.terms().replaces());
        json.put(
                "authorizations",
                order.authorizationIds().stream()
                        .map(id -> urls.of(Urls.AUTHORIZATION, id))
                        .toList());
        json.put("finalize", urls.of(Urls.ORDER, order.id(), Urls.FINALIZE));
        if (view.status() == OrderStatus.VALID && order.certificateId() != null) {
            json.put("certificate", urls.of(Urls.CERTIFICATE, order.certificateId()));
        }
        if (view.status() == OrderStatus.INVALID && view.error() != null) {
            json.put("error", view.error().toJson());
        }
        return json;
    }

    Map<String, Object> authorization(Authorization authorization, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("identifier", authorization.identifier().toJson());
        json.put("status", authorization.status(now).token());
        json.put("expires", time(authorization.expires()));
        json.put(
                "challenges",
                authorization.decisiveChallenges().stream()
                        .map(challenge -> challenge(authorization, challenge))
                        .toList());
        if (authorization.wildcard()) {
            json.put("wildcard", true);
        }
        return json;
    }

    Map<String, Object> challenge(Authorization authorization, Challenge challenge) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", challenge.type().token());
        json.put(
                "url",
                urls.of(Urls.CHALLENGE, authorization.id(), challenge.type().token()));
        json.put("status", challenge.status().token());
        json.put("token", challenge.token());
        putIfPresent(json, "validated", challenge.validated());
        if (challenge.error() != null) {
            json.put("error", challenge.error().toJson());
        }
        return json;
    }

    private static void putIfPresent(Map<String, Object> json, String name, @Nullable Instant value) {
        putIfPresent(json, name, value == null ? null : time(value));
    }

    private static void putIfPresent(Map<String, Object> json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
