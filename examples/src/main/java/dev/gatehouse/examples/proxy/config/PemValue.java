package dev.gatehouse.examples.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A value that is PEM text, {@code env:NAME}, or a path. */
final class PemValue {

    private PemValue() {}

    static String read(YamlSection section, String key) {
        String value = section.text(key).orElseThrow();
        if (value.contains("-----BEGIN")) {
            return value;
        }
        if (value.startsWith("env:")) {
            String text = System.getenv(value.substring(4));
            if (text == null) {
                throw section.error(key, "the environment has no " + value.substring(4) + ". Set it, or give a path.");
            }
            return text;
        }
        try {
            return Files.readString(Path.of(value));
        } catch (IOException unreadable) {
            throw section.error(key, value + " cannot be read (" + unreadable + "). Check the path.");
        }
    }
}
