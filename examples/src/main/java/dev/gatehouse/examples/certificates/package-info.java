/** The commands that look after the certificates in the storage of a proxy. */
@NullMarked
package dev.gatehouse.examples.certificates;

import org.jspecify.annotations.NullMarked;
