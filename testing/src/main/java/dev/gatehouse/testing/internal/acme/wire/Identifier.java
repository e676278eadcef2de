package dev.gatehouse.testing.internal.acme.wire;

import dev.gatehouse.testing.AcmeChallenge;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a certificate is to be issued for.
 *
 * @param type whether the value is a DNS name or an IP address
 * @param value the normalised name (lower case, perhaps with {@code *.}) or address
 */
public record Identifier(Type type, String value) {

    /** The identifier types of RFC 8555 section 9.7.7 and of RFC 8738. */
    public enum Type {
        DNS("dns"),
        IP("ip");

        private final String token;

        Type(String token) {
            this.token = token;
        }

        /** {@return the value of the {@code type} member} */
        public String token() {
            return token;
        }
    }

    private static final String WILDCARD_PREFIX = "*.";

    /** {@return the identifier of a DNS name that is normalised already} */
    public static Identifier dns(String name) {
        return new Identifier(Type.DNS, name);
    }

    /** {@return whether it is a wildcard name} */
    public boolean isWildcard() {
        return value.startsWith(WILDCARD_PREFIX);
    }

    /** {@return whether this challenge can prove control over it} */
    public boolean isProvableBy(AcmeChallenge challenge) {
        return switch (challenge) {
            case HTTP_01, TLS_ALPN_01 -> !isWildcard();
            case DNS_01 -> type == Type.DNS;
        };
    }

    /** {@return the identifier that has to be authorized: for a wildcard name the name below the star} */
    public Identifier authorized() {
        return isWildcard() ? dns(value.substring(WILDCARD_PREFIX.length())) : this;
    }

    /** {@return the JSON object} */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type.token());
        json.put("value", value);
        return json;
    }

    @Override
    public String toString() {
        return value;
    }
}
