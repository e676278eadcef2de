/** Exchanges on their way through the router. */
@NullMarked
package dev.gatehouse.routing.internal.exchange;

import org.jspecify.annotations.NullMarked;
