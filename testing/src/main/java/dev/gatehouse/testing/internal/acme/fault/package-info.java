/** Misbehaviour on demand: what a test asks the server to do wrong. */
@NullMarked
package dev.gatehouse.testing.internal.acme.fault;

import org.jspecify.annotations.NullMarked;
