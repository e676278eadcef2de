/** The demonstration: a certificate authority, a proxy, services and a visitor in one process. */
@NullMarked
package dev.gatehouse.examples.demo;

import org.jspecify.annotations.NullMarked;
