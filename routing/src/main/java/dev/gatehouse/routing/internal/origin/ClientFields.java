package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;

/** The fields that a client gets with a response: the origin's without those that belong to its connection. */
final class ClientFields {

    private ClientFields() {}

    static HttpFields of(int status, HttpFields received) {
        HopByHop hopByHop = new HopByHop(received);
        boolean withoutLength = status == 204 || status < 200;
        return received.toBuilder()
                .removeIf(name -> hopByHop.contains(name) || (withoutLength && name.equalsIgnoreCase("Content-Length")))
                .build();
    }
}
