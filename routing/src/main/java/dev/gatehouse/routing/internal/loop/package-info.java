/** Selector threads with the timers and buffers that belong to them. */
@NullMarked
package dev.gatehouse.routing.internal.loop;

import org.jspecify.annotations.NullMarked;
