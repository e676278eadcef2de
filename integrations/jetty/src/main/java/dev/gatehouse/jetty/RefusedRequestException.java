package dev.gatehouse.jetty;

/** A request that no handler gets to see, with the status that answers it. */
final class RefusedRequestException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    RefusedRequestException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
