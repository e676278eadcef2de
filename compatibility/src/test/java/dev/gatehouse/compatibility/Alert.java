package dev.gatehouse.compatibility;

/** The alerts that servers answer with. */
enum Alert {
    /** The connection was closed without one, or there was no reason for one. */
    NONE(-1),
    HANDSHAKE_FAILURE(40),
    ILLEGAL_PARAMETER(47),
    INTERNAL_ERROR(80),
    UNRECOGNIZED_NAME(112),
    ANY_OTHER(-2);

    private final int description;

    Alert(int description) {
        this.description = description;
    }

    static Alert of(int description) {
        for (Alert alert : values()) {
            if (alert.description == description) {
                return alert;
            }
        }
        return ANY_OTHER;
    }
}
