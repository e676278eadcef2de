package dev.gatehouse.compatibility;

import org.jspecify.annotations.Nullable;

/** The expected end of a handshake. */
record Expected(@Nullable Host shown, Alert alert) {

    static Expected showing(Host shown) {
        return new Expected(shown, Alert.NONE);
    }

    static Expected refusal(Alert alert) {
        return new Expected(null, alert);
    }

    static Expected of(Handshake handshake) {
        return handshake.shown() == null ? refusal(handshake.alert()) : showing(Host.of(handshake.shown()));
    }
}
