/** PEM text (RFC 7468) and the forms of private keys in it. */
@NullMarked
package dev.gatehouse.tls.internal.pem;

import org.jspecify.annotations.NullMarked;
