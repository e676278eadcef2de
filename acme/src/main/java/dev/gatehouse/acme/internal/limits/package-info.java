/** The limits of on-demand orders, and the pauses of names that fail. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.limits;

import org.jspecify.annotations.NullMarked;
