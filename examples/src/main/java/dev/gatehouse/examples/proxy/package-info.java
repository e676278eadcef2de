/** The <code>gatehouse</code> proxy: its commands, and the servers that it assembles from the library. */
@NullMarked
package dev.gatehouse.examples.proxy;

import org.jspecify.annotations.NullMarked;
