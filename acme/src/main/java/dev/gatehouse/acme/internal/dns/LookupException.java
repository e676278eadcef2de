package dev.gatehouse.acme.internal.dns;

/** A look-up found nothing, or nobody could be asked. The message says what, who said so, and what to do. */
final class LookupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LookupException(String message) {
        super(message);
    }
}
