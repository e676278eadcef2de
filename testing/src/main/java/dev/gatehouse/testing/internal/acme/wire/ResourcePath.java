package dev.gatehouse.testing.internal.acme.wire;

import java.util.Optional;

/**
 * A path of the form {@code /segment/id/part}, of which the later parts may be missing.
 *
 * @param segment which kind of resource, empty for the root
 * @param id which one of its kind, empty when there is only one
 * @param part which part of it, empty for the whole
 */
public record ResourcePath(String segment, String id, String part) {

    /** Where nothing is. */
    public static final ResourcePath NOTHING = new ResourcePath("", "", "");

    /** {@return the parts of a raw path, empty when it has more of them or does not begin with a slash} */
    public static Optional<ResourcePath> parse(String rawPath) {
        String[] parts = rawPath.split("/", -1);
        if (parts.length < 2 || parts.length > 4 || !parts[0].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ResourcePath(parts[1], parts.length > 2 ? parts[2] : "", parts.length > 3 ? parts[3] : ""));
    }
}
