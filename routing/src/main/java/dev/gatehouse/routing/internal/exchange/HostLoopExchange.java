package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;

/**
 * An exchange of a host whose own threads can serve origins, too. Its callbacks run on the thread of that loop.
 */
public interface HostLoopExchange extends HttpExchange {

    /** {@return the loop whose thread serves this exchange} */
    EventLoop loop();
}
