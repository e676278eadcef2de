/** When a certificate is to be replaced. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.renewal;

import org.jspecify.annotations.NullMarked;
