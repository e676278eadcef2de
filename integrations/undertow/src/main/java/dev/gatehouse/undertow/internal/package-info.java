/** What Undertow finds by itself. */
@NullMarked
package dev.gatehouse.undertow.internal;

import org.jspecify.annotations.NullMarked;
