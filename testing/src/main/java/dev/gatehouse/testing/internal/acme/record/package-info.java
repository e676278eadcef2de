/** What happened, for tests to look at and to wait for. */
@NullMarked
package dev.gatehouse.testing.internal.acme.record;

import org.jspecify.annotations.NullMarked;
