/** What happens, as log lines and for listeners. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.events;

import org.jspecify.annotations.NullMarked;
