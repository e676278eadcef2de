package dev.gatehouse.acme.migration;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * The JSON object that a client keeps beside a key. What it says is of use but never needed, so one that is missing,
 * damaged, or has other members than expected says nothing.
 */
final class JsonFile {

    private static final JsonFile EMPTY = new JsonFile(Map.of());

    private final Map<?, ?> members;

    private JsonFile(Map<?, ?> members) {
        this.members = members;
    }

    static JsonFile parse(String text) {
        try {
            return new JsonFile(JsonUtil.parseJson(text));
        } catch (JoseException | RuntimeException malformed) {
            return EMPTY;
        }
    }

    JsonFile object(String name) {
        return members.get(name) instanceof Map<?, ?> object ? new JsonFile(object) : EMPTY;
    }

    Optional<URI> url(String name) {
        return members.get(name) instanceof String text ? AcmeDirectories.parse(text) : Optional.empty();
    }

    List<String> strings(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }
}
