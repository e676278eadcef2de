/** Gatehouse in Undertow. */
@NullMarked
package dev.gatehouse.undertow;

import org.jspecify.annotations.NullMarked;
