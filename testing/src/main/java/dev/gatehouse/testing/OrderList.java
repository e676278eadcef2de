package dev.gatehouse.testing;

import java.util.List;
import java.util.stream.Collectors;

/** Tells all orders in one sentence, for tests that find others than they expect. */
final class OrderList {
    private static final int SHOWN = 20;

    private OrderList() {}

    static String of(List<AcmeOrder> orders) {
        if (orders.isEmpty()) {
            return "No order was made at all: look at exchanges().";
        }
        String listed = orders.stream()
                .skip(Math.max(0, orders.size() - SHOWN))
                .map(OrderList::text)
                .collect(Collectors.joining("; "));
        return orders.size() > SHOWN ? "The last of " + orders.size() + " orders: " + listed : "Orders: " + listed;
    }

    private static String text(AcmeOrder order) {
        String text = String.join(", ", order.names()) + " is " + order.status().token();
        return order.error() == null ? text : text + " (" + order.error() + ")";
    }
}
