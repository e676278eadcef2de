/** The data plane: HTTP/1.1 connections to origins on selector threads, and the exchanges that they carry. */
@NullMarked
package dev.gatehouse.routing.internal.origin;

import org.jspecify.annotations.NullMarked;
