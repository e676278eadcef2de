/** The DNS server of the test kit: zones and their versions, answers, and the sockets. */
@NullMarked
package dev.gatehouse.testing.internal.dns;

import org.jspecify.annotations.NullMarked;
