package dev.gatehouse.tls;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value of a builder that may be set once. */
final class Setting<T> {

    private final String name;
    private @Nullable T value;

    Setting(String name) {
        this.name = name;
    }

    void set(T newValue) {
        if (value != null) {
            throw new IllegalStateException(name + " was already set to " + value);
        }
        value = Objects.requireNonNull(newValue, name);
    }

    boolean isSet() {
        return value != null;
    }

    T orElse(T otherwise) {
        return value == null ? otherwise : value;
    }

    T orElseGet(Supplier<? extends T> otherwise) {
        return value == null ? otherwise.get() : value;
    }

    String name() {
        return name;
    }
}
