package dev.gatehouse.routing;

/**
 * Thrown when two services claim the same host and path prefix, or the same name. The message names both and what to
 * change; the router goes on with the routes that it had.
 */
public final class RouteConflictException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message both services, what they claim, and what to do
     */
    public RouteConflictException(String message) {
        super(message);
    }
}
