/** How DNS-01 challenges are answered. Not API. */
@NullMarked
package dev.gatehouse.acme.internal.dns;

import org.jspecify.annotations.NullMarked;
