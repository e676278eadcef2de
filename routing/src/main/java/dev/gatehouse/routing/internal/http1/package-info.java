/** HTTP/1.1 on the side of a client (RFC 9112): a codec without threads, channels or clocks. */
@NullMarked
package dev.gatehouse.routing.internal.http1;

import org.jspecify.annotations.NullMarked;
