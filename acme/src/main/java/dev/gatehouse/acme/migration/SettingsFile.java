package dev.gatehouse.acme.migration;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lines of {@code key = value} or {@code KEY='value'}, as certbot and acme.sh write them. They are never evaluated. */
final class SettingsFile {

    private final Map<String, String> values = new HashMap<>();

    private SettingsFile() {}

    static SettingsFile parse(String text) {
        SettingsFile settings = new SettingsFile();
        text.lines().map(String::strip).filter(line -> !line.startsWith("#")).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                settings.values.put(
                        line.substring(0, equals).strip(),
                        unquoted(line.substring(equals + 1).strip()));
            }
        });
        return settings;
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2
                && (value.charAt(0) == '\'' || value.charAt(0) == '"')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }
}
