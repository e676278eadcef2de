/** The ACME server of the test kit as a program of its own, {@code gatehouse acme-server}. */
@NullMarked
package dev.gatehouse.examples.acme;

import org.jspecify.annotations.NullMarked;
