/** A certificate authority of one's own: its certificates, its signatures, its record in storage. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.ca;

import org.jspecify.annotations.NullMarked;
