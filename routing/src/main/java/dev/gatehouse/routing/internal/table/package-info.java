/** Hosts, paths and the table that leads from them to services: pure, without I/O. */
@NullMarked
package dev.gatehouse.routing.internal.table;

import org.jspecify.annotations.NullMarked;
