package dev.gatehouse.routing;

/**
 * Answers an exchange. A {@link Router} is one; so is code of the embedding application that a route leads to instead of
 * a target.
 *
 * <p>{@link #handle} is called by the host on one of its own threads, an I/O thread on a non-blocking host. It must not
 * block: it starts the work and returns, and the exchange goes on in callbacks until the response has been completed
 * ({@link HttpExchange#write} with {@code last}) or {@linkplain HttpExchange#abort aborted}. An exception thrown before
 * the response has begun becomes a response with status 500; thrown later, it aborts the exchange.
 *
 * <p>Implementations are safe for use by several threads: each exchange is its own call.
 */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Takes responsibility for an exchange.
     *
     * @param exchange the request, with the response to be made
     * @throws Exception if the exchange cannot be answered; the host answers 500 in its place
     */
    void handle(HttpExchange exchange) throws Exception;
}
