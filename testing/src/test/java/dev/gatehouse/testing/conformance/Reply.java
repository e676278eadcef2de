package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** A response as it came over the wire. */
record Reply(int status, HttpHeaders headers, String body) {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>; ?rel=\"([^\"]*)\"");

    static Reply of(HttpResponse<String> response) {
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The targets of the links with this relation. */
    List<String> links(String relation) {
        return headers.allValues("Link").stream()
                .map(LINK::matcher)
                .filter(Matcher::matches)
                .filter(link -> link.group(2).equals(relation))
                .map(link -> link.group(1))
                .toList();
    }

    Map<String, Object> json() {
        try {
            return JsonUtil.parseJson(body);
        } catch (JoseException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    String text(String member) {
        return String.valueOf(json().get(member));
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> object(String member) {
        return (Map<String, Object>) json().get(member);
    }

    @SuppressWarnings("unchecked")
    List<String> strings(String member) {
        return (List<String>) json().get(member);
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> objects(String member) {
        return (List<Map<String, Object>>) json().get(member);
    }

    Reply requireStatus(int expected) {
        assertThat(status).as(body).isEqualTo(expected);
        return this;
    }

    Reply requireProblem(int expected, String type) {
        requireStatus(expected);
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(text("type")).isEqualTo("urn:ietf:params:acme:error:" + type);
        return this;
    }
}
