/** Threads, alarms and queues of a certificate manager: who works when, and how much at once. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.work;

import org.jspecify.annotations.NullMarked;
