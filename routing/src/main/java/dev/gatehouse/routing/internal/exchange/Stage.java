package dev.gatehouse.routing.internal.exchange;

/** One of the steps through which an exchange of a service goes, each of which hands it to the next. */
@FunctionalInterface
public interface Stage {

    /**
     * Takes responsibility for an exchange, under the rules of {@link dev.gatehouse.routing.HttpHandler#handle}.
     *
     * @param exchange the exchange
     * @throws Exception if it cannot be answered
     */
    void handle(RoutedExchange exchange) throws Exception;
}
