/** What the probes are made of: sockets, messages of the handshake, and the keys of the server's first flight. */
@NullMarked
package dev.gatehouse.testing.internal.probe;

import org.jspecify.annotations.NullMarked;
