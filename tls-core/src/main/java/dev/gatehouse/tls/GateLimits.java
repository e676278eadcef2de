package dev.gatehouse.tls;

import java.time.Duration;

/** What a gate allows: time for the ClientHello, time for the certificate, connections that wait at once. */
record GateLimits(Duration helloTimeout, Duration maxWait, int maxWaitingConnections) {}
