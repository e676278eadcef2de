package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.internal.answer.Durations;
import dev.gatehouse.routing.internal.answer.Printable;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * The line that a client leaves behind when it goes before its exchange is complete. Nobody gets to see the status in it,
 * which is the one that nginx made customary.
 */
public final class ClientLeft {

    private ClientLeft() {}

    /**
     * Writes the line.
     *
     * @param log of the class that has noticed
     * @param exchange the exchange
     * @param outcome when it left and what was done, as the rest of the sentence "the client left"
     * @param nanos how long the exchange had lasted
     */
    public static void log(Logger log, RoutedExchange exchange, String outcome, long nanos) {
        if (log.isInfoEnabled()) {
            String target = exchange.requestTarget();
            int query = target.indexOf('?');
            log.info(
                    "{}: {} {}{} from {}: the client left {} after {}; 499",
                    exchange.service().name(),
                    Printable.of(exchange.method()),
                    Printable.of(String.valueOf(exchange.authority())),
                    Printable.of(query < 0 ? target : target.substring(0, query)),
                    exchange.remoteAddress(),
                    outcome,
                    Durations.text(Duration.ofNanos(nanos)));
        }
    }
}
