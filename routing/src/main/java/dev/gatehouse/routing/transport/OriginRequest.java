package dev.gatehouse.routing.transport;

import dev.gatehouse.routing.HttpFields;

/**
 * The head of a request as a target is to get it.
 *
 * @param method the method, a token
 * @param authority the host and optional port that the client asked for
 * @param path the path and query, in visible ASCII
 * @param fields the fields, without {@code Host} and those of one connection; {@code TE: trailers} may be among them
 * @param endsHere whether neither content nor trailers follow
 */
public record OriginRequest(String method, String authority, String path, HttpFields fields, boolean endsHere) {}
