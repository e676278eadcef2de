/** DER (X.690) as far as certificates and private keys have to be read, matched and chained without parsing all of them. */
@NullMarked
package dev.gatehouse.tls.internal.der;

import org.jspecify.annotations.NullMarked;
