/** From the names of an order to its certificate: what may be ordered, and what a signing request has to say. */
@NullMarked
package dev.gatehouse.testing.internal.acme.issuance;

import org.jspecify.annotations.NullMarked;
