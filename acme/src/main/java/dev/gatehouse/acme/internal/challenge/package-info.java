/** Proving control of names: which challenge, its answer, and what became of it. */
@NullMarked
package dev.gatehouse.acme.internal.challenge;

import org.jspecify.annotations.NullMarked;
