/** What answers whether a certificate was revoked: OCSP responses (RFC 6960) and revocation lists (RFC 5280). */
@NullMarked
package dev.gatehouse.testing.internal.revocation;

import org.jspecify.annotations.NullMarked;
