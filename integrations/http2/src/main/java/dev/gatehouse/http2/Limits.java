package dev.gatehouse.http2;

import java.time.Duration;

/** What a transport does not exceed; see its builder. */
record Limits(
        int maxConnectionsPerTarget,
        int maxStreamsPerConnection,
        int maxQueuedPerTarget,
        Duration idleConnectionTimeout,
        Duration pingAfter,
        Duration pingTimeout) {}
