package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.internal.acme.resource.Resource;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What happens to a request in place of, or besides, its being answered. */
public sealed interface FaultEffect {

    /**
     * Lets it happen.
     *
     * @param request the request
     * @param resource what would answer it
     * @return the response, or empty to close the connection in its place
     * @throws ProblemException when the resource was asked and refused
     */
    Optional<AcmeResponse> apply(AcmeRequest request, Resource resource) throws ProblemException;

    /**
     * Answers without looking at the request.
     *
     * @param response the answer
     */
    record Answer(AcmeResponse response) implements FaultEffect {
        @Override
        public Optional<AcmeResponse> apply(AcmeRequest request, Resource resource) {
            return Optional.of(response);
        }

        @Override
        public String toString() {
            return "status " + response.status();
        }
    }

    /** Closes the connection without looking at the request. */
    record Disconnect() implements FaultEffect {
        @Override
        public Optional<AcmeResponse> apply(AcmeRequest request, Resource resource) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "no answer";
        }
    }

    /** Does what the request asks for, and closes the connection in place of the response. */
    record LoseResponse() implements FaultEffect {
        @Override
        public Optional<AcmeResponse> apply(AcmeRequest request, Resource resource) throws ProblemException {
            resource.answer(request);
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "the response is lost";
        }
    }

    /**
     * Waits, and then does what the request asks for.
     *
     * @param until makes, for each request, what ends its wait when it is done, however that may be
     */
    record Wait(Supplier<? extends Future<?>> until) implements FaultEffect {
        @Override
        public Optional<AcmeResponse> apply(AcmeRequest request, Resource resource) throws ProblemException {
            try {
                until.get().get();
            } catch (ExecutionException | CancellationException released) {
                return Optional.of(resource.answer(request));
            } catch (InterruptedException serverClosed) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            return Optional.of(resource.answer(request));
        }

        @Override
        public String toString() {
            return "the response is held back";
        }
    }
}
