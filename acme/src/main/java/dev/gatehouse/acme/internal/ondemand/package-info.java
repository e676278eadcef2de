/** The steps from a name that is not in memory to a certificate that is. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.ondemand;

import org.jspecify.annotations.NullMarked;
