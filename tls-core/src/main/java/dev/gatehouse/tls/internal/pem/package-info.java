/** PEM text and the DER inside it, as far as certificates and private keys have to be recognised and matched. */
@NullMarked
package dev.gatehouse.tls.internal.pem;

import org.jspecify.annotations.NullMarked;
