/** One ACME order, from account to certificate chain, on acme4j. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.order;

import org.jspecify.annotations.NullMarked;
