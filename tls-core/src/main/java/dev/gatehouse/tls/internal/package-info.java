/** Ways between the packages of this module that are not for others. */
@NullMarked
package dev.gatehouse.tls.internal;

import org.jspecify.annotations.NullMarked;
