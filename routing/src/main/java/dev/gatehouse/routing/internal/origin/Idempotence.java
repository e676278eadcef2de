package dev.gatehouse.routing.internal.origin;

/** Which methods may be sent again when it is unknown whether the first one arrived (RFC 9110, section 9.2.2). */
final class Idempotence {

    private Idempotence() {}

    static boolean of(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }
}
