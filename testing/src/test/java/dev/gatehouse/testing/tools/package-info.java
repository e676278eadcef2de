/** What the tests of several modules need, and is of no use to users. */
@NullMarked
package dev.gatehouse.testing.tools;

import org.jspecify.annotations.NullMarked;
