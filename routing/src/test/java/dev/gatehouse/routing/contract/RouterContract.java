package dev.gatehouse.routing.contract;

import org.junit.jupiter.api.Nested;

/**
 * What every host adapter owes the router and its clients. A test of an adapter extends this and makes hosts; each case
 * gets its own.
 */
public abstract class RouterContract {

    /** Makes a host that has not been started. */
    protected abstract RouterHost newHost();

    /** With what both sides speak TLS; null for clear text. */
    protected TlsContexts tls() {
        return null;
    }

    @Nested
    class Requests extends RequestCases {
        Requests() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Contents extends ContentCases {
        Contents() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Responses extends ResponseCases {
        Responses() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Lifecycle extends LifecycleCases {
        Lifecycle() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Routing extends RoutingCases {
        Routing() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Forwarding extends ForwardingCases {
        Forwarding() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Streaming extends StreamingCases {
        Streaming() {
            super(RouterContract.this);
        }
    }

    @Nested
    class Failures extends FailureCases {
        Failures() {
            super(RouterContract.this);
        }
    }

    @Nested
    class BufferedRequests extends BufferingCases {
        BufferedRequests() {
            super(RouterContract.this);
        }
    }
}
