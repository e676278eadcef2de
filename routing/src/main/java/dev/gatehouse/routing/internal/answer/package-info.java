/** Responses that the router makes itself. */
@NullMarked
package dev.gatehouse.routing.internal.answer;

import org.jspecify.annotations.NullMarked;
