/** How much one client gets: the rate limits of public CAs. */
@NullMarked
package dev.gatehouse.testing.internal.acme.limit;

import org.jspecify.annotations.NullMarked;
