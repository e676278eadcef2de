package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.OrderStatus;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands at one moment (RFC 8555 section 7.1.6).
 *
 * @param order the order
 * @param status its status at that moment
 * @param error why it is invalid, when that is known
 */
public record OrderView(
        Order order, OrderStatus status, @Nullable Problem error) {

    static OrderView of(Order order, List<Authorization> authorizations, Instant now) {
        return new OrderView(order, status(order, authorizations, now), error(order, authorizations));
    }

    private static OrderStatus status(Order order, List<Authorization> authorizations, Instant now) {
        if (order.error() != null) {
            return OrderStatus.INVALID;
        }
        if (order.finalizing()) {
            Instant visibleFrom = order.processingUntil();
            return visibleFrom == null || now.isBefore(visibleFrom) || order.vainLooks() > 0
                    ? OrderStatus.PROCESSING
                    : OrderStatus.VALID;
        }
        return now.isBefore(order.expires()) ? status(authorizations, now) : OrderStatus.INVALID;
    }

    private static OrderStatus status(List<Authorization> authorizations, Instant now) {
        Set<Authorization.Status> statuses = authorizations.stream()
                .map(authorization -> authorization.status(now))
                .collect(Collectors.toSet());
        if (statuses.equals(Set.of(Authorization.Status.VALID))) {
            return OrderStatus.READY;
        }
        statuses.remove(Authorization.Status.VALID);
        return statuses.equals(Set.of(Authorization.Status.PENDING)) ? OrderStatus.PENDING : OrderStatus.INVALID;
    }

    private static @Nullable Problem error(Order order, List<Authorization> authorizations) {
        return order.error() != null ? order.error() : summary(failures(authorizations));
    }

    private static List<Problem> failures(List<Authorization> authorizations) {
        List<Problem> failures = new ArrayList<>();
        for (Authorization authorization : authorizations) {
            Problem failure = authorization.error();
            if (failure != null) {
                failures.add(failure.about(authorization.identifier()));
            }
        }
        return failures;
    }

    private static @Nullable Problem summary(List<Problem> failures) {
        if (failures.size() < 2) {
            return failures.isEmpty() ? null : failures.get(0);
        }
        String detail = failures.size() + " identifiers could not be validated: "
                + failures.stream().map(Problem::detail).collect(Collectors.joining(" "));
        return Problem.summary(detail, failures);
    }
}
