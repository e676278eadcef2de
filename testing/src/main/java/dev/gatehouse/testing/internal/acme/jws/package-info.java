/** Who sent a request: JSON web signatures, keys and nonces (RFC 8555 sections 6.2 to 6.5). */
@NullMarked
package dev.gatehouse.testing.internal.acme.jws;

import org.jspecify.annotations.NullMarked;
