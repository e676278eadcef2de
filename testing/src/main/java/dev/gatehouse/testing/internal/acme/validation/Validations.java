package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.fault.FaultPlan;
import dev.gatehouse.testing.internal.acme.fault.Misconduct;
import dev.gatehouse.testing.internal.acme.limit.IssuanceLimits;
import dev.gatehouse.testing.internal.acme.record.Happenings;
import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.state.Authorization;
import dev.gatehouse.testing.internal.acme.state.Challenge;
import dev.gatehouse.testing.internal.acme.state.Counters;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.NamedThreads;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs validations on threads of its own, as many at a time as there are threads, with a bounded queue behind them. The
 * outcome is recorded in the orders. Thread safe.
 */
public final class Validations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");
    private static final int THREADS = 16;
    private static final int QUEUE = 1000;

    private final Orders orders;
    private final Map<AcmeChallenge, ChallengeValidator> validators;
    private final Counters counters;
    private final IssuanceLimits limits;
    private final FaultPlan faults;
    private final Happenings happenings;
    private final ThreadPoolExecutor executor;

    /**
     * Starts without a validation.
     *
     * @param orders where outcomes are recorded
     * @param validators how each offered challenge is checked
     * @param counters counts outcomes
     * @param limits counts failures
     * @param faults what shall go wrong
     * @param happenings told of outcomes
     */
    public Validations(
            Orders orders,
            Map<AcmeChallenge, ChallengeValidator> validators,
            Counters counters,
            IssuanceLimits limits,
            FaultPlan faults,
            Happenings happenings) {
        this.orders = orders;
        this.validators = Map.copyOf(validators);
        this.counters = counters;
        this.limits = limits;
        this.faults = faults;
        this.happenings = happenings;
        this.executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                new NamedThreads("gatehouse-acme-test-validation"));
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Starts the validation of a challenge, unless one was started for its authorization already.
     *
     * @param authorization the authorization
     * @param challenge the challenge that the client is ready for
     * @param key the key of its account
     * @throws ProblemException {@code rateLimited} when too many validations wait
     */
    public void start(Authorization authorization, Challenge challenge, AccountKey key) throws ProblemException {
        if (!orders.startValidation(authorization.id(), challenge.type())) {
            return;
        }
        try {
            executor.execute(() -> run(authorization, challenge, key.authorize(challenge.token())));
        } catch (RejectedExecutionException full) {
            orders.abandonValidation(authorization.id(), challenge.type());
            throw Problem.of(
                            ProblemType.RATE_LIMITED,
                            QUEUE + " validations are waiting already. Try again in a second.")
                    .exception()
                    .with("Retry-After", "1");
        }
    }

    private void run(Authorization authorization, Challenge challenge, String keyAuthorization) {
        Problem failure = failure(authorization, challenge, keyAuthorization);
        counters.validation(failure != null);
        if (failure != null) {
            limits.failed(authorization.accountId(), authorization.identifier());
            LOG.warn(
                    "{}: {} validation failed, {}: {}",
                    authorization.identifier(),
                    challenge.type().token(),
                    failure.type().token(),
                    Text.oneLine(failure.detail()));
        }
        // Last, so that who sees the outcome finds it counted and logged.
        orders.completeValidation(authorization.id(), challenge.type(), failure);
        happenings.happened();
    }

    private @Nullable Problem failure(Authorization authorization, Challenge challenge, String keyAuthorization) {
        var refused = faults.take(Misconduct.RefusedChallenge.class, Set.of(authorization.authorizedName()));
        if (refused.isPresent()) {
            return refused.get().misconduct().problem();
        }
        try {
            ChallengeValidator validator = validators.get(challenge.type());
            if (validator == null) {
                throw new IllegalStateException(challenge.type() + " is not offered");
            }
            validator.validate(authorization.identifier(), challenge.token(), keyAuthorization);
            return null;
        } catch (ProblemException notProved) {
            return notProved.problem();
        } catch (RuntimeException unexpected) {
            LOG.error("{}: {} validation broke off", authorization.identifier(), challenge.type(), unexpected);
            return Problem.of(
                    ProblemType.SERVER_INTERNAL,
                    "The validation broke off: " + unexpected + ". If it came from a resolver of the test, mend that.");
        }
    }

    /** Stops; validations that are under way are interrupted and their outcome is not waited for. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
