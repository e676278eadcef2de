package dev.gatehouse.testing.internal.acme.record;

import dev.gatehouse.testing.AcmeExchange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The requests and their answers, the last ones of them. Thread safe. */
public final class ExchangeLog {
    private static final int REMEMBERED = 10_000;

    private final Deque<AcmeExchange> exchanges = new ArrayDeque<>();

    /** Adds one. */
    public synchronized void add(AcmeExchange exchange) {
        if (exchanges.size() == REMEMBERED) {
            exchanges.removeFirst();
        }
        exchanges.addLast(exchange);
    }

    /** {@return those that are remembered, oldest first} */
    public synchronized List<AcmeExchange> all() {
        return List.copyOf(exchanges);
    }
}
