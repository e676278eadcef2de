/** What can be known before an order is placed. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.preflight;

import org.jspecify.annotations.NullMarked;
