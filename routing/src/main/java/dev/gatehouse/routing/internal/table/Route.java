package dev.gatehouse.routing.internal.table;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.Stage;

/**
 * Where a lookup leads: a service, and the prefix under which it was found.
 *
 * @param service the service
 * @param prefix the path prefix in its normal form
 * @param entrance what takes the exchange on behalf of the service
 */
public record Route(Service service, String prefix, Stage entrance) {

    /** Whether it makes no difference which of the two routes a request takes. */
    boolean isSameAs(Route other) {
        return service == other.service && (prefix.equals(other.prefix) || !service.stripPathPrefix());
    }
}
