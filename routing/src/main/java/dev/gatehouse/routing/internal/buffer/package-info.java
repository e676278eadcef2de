/** Request content that is collected in memory and temporary files before it is passed on. */
@NullMarked
package dev.gatehouse.routing.internal.buffer;

import org.jspecify.annotations.NullMarked;
