package dev.gatehouse.acme.internal.preflight;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A CAA record (RFC 8659, section 4).
 *
 * @param critical whether an authority that does not know the tag must not issue
 * @param tag such as {@code issue}, in lower case
 * @param value as it is in the record
 */
public record CaaRecord(boolean critical, String tag, String value) {

    /** Takes tags in any case. */
    public CaaRecord {
        tag = tag.toLowerCase(Locale.ROOT);
    }

    boolean isKnown() {
        return tag.equals("issue")
                || tag.equals("issuewild")
                || tag.equals("iodef")
                || tag.equals("issuemail")
                || tag.equals("contactemail")
                || tag.equals("contactphone");
    }

    /** The authority that it permits; empty if it permits none. */
    String issuer() {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code accounturi} and {@code validationmethods} (RFC 8657). */
    Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        int begin = value.indexOf(';');
        if (begin < 0) {
            return parameters;
        }
        for (String parameter : value.substring(begin + 1).split(";", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        parameter.substring(equals + 1).strip());
            }
        }
        return parameters;
    }
}
