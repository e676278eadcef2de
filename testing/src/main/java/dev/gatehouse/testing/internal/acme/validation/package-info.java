/** Proving that a client controls an identifier (RFC 8555 section 8): real connections, bounded in time and size. */
@NullMarked
package dev.gatehouse.testing.internal.acme.validation;

import org.jspecify.annotations.NullMarked;
