package dev.gatehouse.examples.proxy.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of the file, read strictly: unknown and repeated keys are errors, and each error has its place. */
final class YamlSection {

    private final String file;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlSection(String file, Node node) {
        this.file = file;
        this.node = node;
    }

    /** Reads a mapping with any keys. */
    static YamlSection of(String file, Node node, String what) {
        YamlSection section = new YamlSection(file, node);
        if (!(node instanceof MappingNode mapping)) {
            throw section.error(node, what + " is not a mapping. Write 'key: value' lines below it.");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = section.text(tuple.getKeyNode(), "a key of " + what);
            if (section.values.put(key, tuple.getValueNode()) != null) {
                throw section.error(tuple.getKeyNode(), "'" + key + "' stands twice in " + what + ". Remove one.");
            }
        }
        return section;
    }

    /** Reads a mapping with known keys. */
    static YamlSection of(String file, Node node, String what, String... knownKeys) {
        YamlSection section = of(file, node, what);
        Set<String> known = new TreeSet<>(List.of(knownKeys));
        section.values.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw section.error(
                        value,
                        "'" + key + "' is not a key of " + what + ". Known keys: " + String.join(", ", known) + ".");
            }
        });
        return section;
    }

    Map<String, Node> entries() {
        return values;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Node required(String key, String remedy) {
        Node value = values.get(key);
        if (value == null) {
            throw error(node, "'" + key + "' is missing. " + remedy);
        }
        return value;
    }

    Optional<Node> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Optional<String> text(String key) {
        return value(key).map(value -> text(value, "'" + key + "'"));
    }

    boolean flag(String key, boolean otherwise) {
        return text(key).map(text -> flag(key, text)).orElse(otherwise);
    }

    private boolean flag(String key, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error(key, "'" + text + "' is not true or false.");
        };
    }

    Optional<Long> number(String key, long least) {
        return text(key).map(text -> {
            try {
                long number = Long.parseLong(text.replace("_", ""));
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                throw error(key, "'" + text + "' is not a whole number.");
            }
            throw error(key, text + " is too small, the least is " + least + ".");
        });
    }

    Optional<Duration> duration(String key) {
        return text(key)
                .map(text -> Durations.parse(text)
                        .orElseThrow(
                                () -> error(key, "'" + text + "' is not a duration. Write 30, 2s, 500ms, 5m or 1h.")));
    }

    /** Reads one text or a list of texts. */
    List<String> texts(String key) {
        Optional<Node> value = value(key);
        if (value.isPresent() && value.get() instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(element -> text(element, "an element of '" + key + "'"))
                    .toList();
        }
        return text(key).map(List::of).orElse(List.of());
    }

    /** Converts a text, and gives the converter's complaint its place. */
    <T> T convert(String key, String text, Function<String, T> converter) {
        try {
            return converter.apply(text);
        } catch (IllegalArgumentException unusable) {
            throw error(key, String.valueOf(unusable.getMessage()));
        }
    }

    ConfigurationException error(String key, String message) {
        return error(values.getOrDefault(key, node), "'" + key + "': " + message);
    }

    ConfigurationException error(Node where, String message) {
        String place = where.getStartMark()
                .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                .orElse("");
        return new ConfigurationException(file + place + ": " + message, null);
    }

    private String text(Node value, String what) {
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw error(value, what + " is not a single value.");
    }
}
