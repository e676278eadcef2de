/** Making and reading X.509 certificates with BouncyCastle on the JDK's own providers. */
@NullMarked
package dev.gatehouse.testing.internal.pki;

import org.jspecify.annotations.NullMarked;
