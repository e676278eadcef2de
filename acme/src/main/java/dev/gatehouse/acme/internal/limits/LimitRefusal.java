package dev.gatehouse.acme.internal.limits;

import java.time.Instant;

/**
 * A limit stands in the way of an order.
 *
 * @param limit which limit, by the name of its setting
 * @param reason what is used up, and what to do; one clause without a full stop
 * @param freesAt from when on it may be tried again
 */
public record LimitRefusal(String limit, String reason, Instant freesAt) {}
