package dev.gatehouse.testing.internal.acme.state;

import java.util.concurrent.atomic.LongAdder;

/** Counts what the stores do not know. Thread safe. */
public final class Counters {
    private final LongAdder requests = new LongAdder();
    private final LongAdder refusedRequests = new LongAdder();
    private final LongAdder validations = new LongAdder();
    private final LongAdder failedValidations = new LongAdder();

    /** Counts a request that is answered. */
    public void request() {
        requests.increment();
    }

    /** Counts a request that is answered with a problem document. */
    public void refusedRequest() {
        refusedRequests.increment();
    }

    /** Counts a finished validation. */
    public void validation(boolean failed) {
        validations.increment();
        if (failed) {
            failedValidations.increment();
        }
    }

    /** {@return requests that were answered} */
    public long requests() {
        return requests.sum();
    }

    /** {@return requests that were answered with a problem document} */
    public long refusedRequests() {
        return refusedRequests.sum();
    }

    /** {@return validations that were finished} */
    public long validations() {
        return validations.sum();
    }

    /** {@return validations that did not prove control} */
    public long failedValidations() {
        return failedValidations.sum();
    }
}
