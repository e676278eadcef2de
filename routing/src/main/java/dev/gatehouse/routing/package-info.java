/**
 * A host and path router for any JVM server: it decides where a request goes and moves its bytes.
 */
@NullMarked
package dev.gatehouse.routing;

import org.jspecify.annotations.NullMarked;
