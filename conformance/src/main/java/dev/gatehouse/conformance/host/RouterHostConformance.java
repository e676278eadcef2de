package dev.gatehouse.conformance.host;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * What every host adapter owes the router and its clients. A test of an adapter extends this and makes hosts; each case
 * gets its own.
 *
 * <p>JUnit makes a new instance for each case, and runs those of one class one after the other on its thread.
 */
public abstract class RouterHostConformance {

    /** For subclasses. */
    protected RouterHostConformance() {}

    /**
     * Makes a host that has not been started. The suite starts and closes it.
     *
     * @return the host
     */
    protected abstract RouterHost newHost();

    /**
     * Says with what both sides speak TLS. Hosts are started with {@link RouterHost#startTls} then.
     *
     * @return the contexts; null for clear text, as here
     */
    protected @Nullable TlsContexts tls() {
        return null;
    }

    /**
     * Says whether the host takes the extended {@code CONNECT} of HTTP/2 (RFC 8441), with which browsers open a WebSocket on
     * a connection that they have. Without it they make another connection.
     *
     * @return true, as here, unless the server has no such thing
     */
    protected boolean takesExtendedConnect() {
        return true;
    }

    /** How requests reach the handler. */
    @Nested
    class Requests extends RequestCases {
        Requests() {
            super(RouterHostConformance.this);
        }
    }

    /** Request content and its pace. */
    @Nested
    class Contents extends ContentCases {
        Contents() {
            super(RouterHostConformance.this);
        }
    }

    /** Responses and their framing. */
    @Nested
    class Responses extends ResponseCases {
        Responses() {
            super(RouterHostConformance.this);
        }
    }

    /** How exchanges end. */
    @Nested
    class Lifecycle extends LifecycleCases {
        Lifecycle() {
            super(RouterHostConformance.this);
        }
    }

    /** Requests that could be read in two ways. */
    @Nested
    class Smuggling extends SmugglingCases {
        Smuggling() {
            super(RouterHostConformance.this);
        }
    }

    /** Where requests are led. */
    @Nested
    class Routing extends RoutingCases {
        Routing() {
            super(RouterHostConformance.this);
        }
    }

    /** What origins and clients see of each other. */
    @Nested
    class Forwarding extends ForwardingCases {
        Forwarding() {
            super(RouterHostConformance.this);
        }
    }

    /** Content in both directions at once. */
    @Nested
    class Streaming extends StreamingCases {
        Streaming() {
            super(RouterHostConformance.this);
        }
    }

    /** Origins that fail. */
    @Nested
    class Failures extends FailureCases {
        Failures() {
            super(RouterHostConformance.this);
        }
    }

    /** Connections that leave HTTP/1.1 behind. */
    @Nested
    class Upgrades extends UpgradeCases {
        Upgrades() {
            super(RouterHostConformance.this);
        }
    }

    /** Streams that carry another protocol. */
    @Nested
    class ExtendedConnect extends ExtendedConnectCases {
        ExtendedConnect() {
            super(RouterHostConformance.this);
        }
    }

    /** Sides that leave or hesitate. */
    @Nested
    class Aborts extends AbortCases {
        Aborts() {
            super(RouterHostConformance.this);
        }
    }

    /** Requests that are collected first. */
    @Nested
    class BufferedRequests extends BufferingCases {
        BufferedRequests() {
            super(RouterHostConformance.this);
        }
    }

    /** Responses that are collected first. */
    @Nested
    class BufferedResponses extends ResponseBufferingCases {
        BufferedResponses() {
            super(RouterHostConformance.this);
        }
    }
}
