/** Gatehouse in Jetty. */
@NullMarked
package dev.gatehouse.jetty;

import org.jspecify.annotations.NullMarked;
