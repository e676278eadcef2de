package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What happens to a request in place of, or besides, its being answered. */
public sealed interface FaultEffect {

    /** Answers a request as it should be. */
    @FunctionalInterface
    interface Responder {

        /**
         * Answers.
         *
         * @param request the request
         * @return the response
         * @throws ProblemException why it is refused
         */
        AcmeResponse answer(AcmeRequest request) throws ProblemException;
    }

    /** {@return what ends the wait of one request, when it is done, however that may be; no thread waits for it} */
    default CompletionStage<?> hold() {
        return CompletableFuture.completedStage(null);
    }

    /**
     * Answers once the wait is over.
     *
     * @param request the request
     * @param usual what would answer it
     * @return the response
     * @throws ProblemException when that was asked, and refused
     */
    AcmeResponse answer(AcmeRequest request, Responder usual) throws ProblemException;

    /**
     * Answers without looking at what is asked for.
     *
     * @param summary what it is, for the log
     * @param response makes the answer
     */
    record Answer(String summary, Function<AcmeRequest, AcmeResponse> response) implements FaultEffect {
        @Override
        public AcmeResponse answer(AcmeRequest request, Responder usual) {
            return response.apply(request);
        }

        @Override
        public String toString() {
            return summary;
        }
    }

    /**
     * Does what the request asks for, and spoils the response.
     *
     * @param summary what it is, for the log
     * @param change what becomes of the response
     */
    record Spoil(String summary, UnaryOperator<AcmeResponse> change) implements FaultEffect {
        @Override
        public AcmeResponse answer(AcmeRequest request, Responder usual) throws ProblemException {
            return change.apply(usual.answer(request));
        }

        @Override
        public String toString() {
            return summary;
        }
    }

    /**
     * Waits, and then does what the request asks for.
     *
     * @param until makes, for each request, what ends its wait
     */
    record Wait(Supplier<? extends CompletionStage<?>> until) implements FaultEffect {
        @Override
        public CompletionStage<?> hold() {
            return until.get();
        }

        @Override
        public AcmeResponse answer(AcmeRequest request, Responder usual) throws ProblemException {
            return usual.answer(request);
        }

        @Override
        public String toString() {
            return "the response is held back";
        }
    }

    /**
     * Two effects on one request.
     *
     * @param outer is there first, and has the last word
     * @param inner answers where the outer one would have the request answered
     */
    record Both(FaultEffect outer, FaultEffect inner) implements FaultEffect {
        @Override
        public CompletionStage<?> hold() {
            // The inner wait begins when the outer one is over, even if that was given up.
            return outer.hold().handle((done, failure) -> inner.hold()).thenCompose(next -> next);
        }

        @Override
        public AcmeResponse answer(AcmeRequest request, Responder usual) throws ProblemException {
            return outer.answer(request, passedOn -> inner.answer(passedOn, usual));
        }

        @Override
        public String toString() {
            return outer + ", and " + inner;
        }
    }
}
