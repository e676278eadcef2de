/**
 * What the server remembers: accounts, orders with their authorizations and challenges, certificates. The values are
 * immutable; each store replaces them under its own lock and holds that lock for no input, output or callback.
 */
@NullMarked
package dev.gatehouse.testing.internal.acme.state;

import org.jspecify.annotations.NullMarked;
