/** Small programs that embed the library. */
@NullMarked
package dev.gatehouse.examples.embed;

import org.jspecify.annotations.NullMarked;
