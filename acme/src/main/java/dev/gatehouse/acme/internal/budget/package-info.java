/** What is left of a certificate authority's own limits, its pauses, and whether it works at all. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.budget;

import org.jspecify.annotations.NullMarked;
