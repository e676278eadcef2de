package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the issuers of a chain have said in one attempt that brought no certificate. It has no stack trace. */
final class ChainFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isOfOneIssuer;
    private final transient List<Said> said = new ArrayList<>();
    private final transient List<LimitRefusal> refusals = new ArrayList<>();
    private boolean isFinal;
    private transient Optional<String> rehearse = Optional.empty();
    private transient Optional<SubjectName> failedName = Optional.empty();

    /** With whether there is only one issuer, whose name need not be said. */
    ChainFailure(boolean isOfOneIssuer) {
        super(null, null, false, false);
        this.isOfOneIssuer = isOfOneIssuer;
    }

    /**
     * What one issuer said.
     *
     * @param issuer its identity
     * @param sentences why it did not issue
     * @param again when it can be asked again
     */
    private record Said(String issuer, String sentences, Instant again) {}

    /** It was not asked. */
    void refused(String issuer, LimitRefusal refusal) {
        refusals.add(refusal);
        said.add(new Said(issuer, "Not asked: " + refusal.reason() + ".", refusal.freesAt()));
    }

    void failed(String issuer, IssuanceException cause, Instant again) {
        said.add(new Said(issuer, FlightContext.sentence(cause), again));
        learn(cause);
    }

    void failedInRehearsal(String issuer, IssuanceException cause, Instant again) {
        said.add(new Said(issuer, "The rehearsal at " + issuer + " failed: " + FlightContext.sentence(cause), again));
        learn(cause);
    }

    private void learn(IssuanceException cause) {
        isFinal = !FallBack.helpsAgainst(cause);
        failedName = cause.kind() == IssuanceException.Kind.VALIDATION_FAILED ? cause.name() : Optional.empty();
    }

    /** Which of several names could not be validated at the last issuer, if that is why. */
    Optional<SubjectName> failedName() {
        return failedName;
    }

    ChainFailure rehearsing(Optional<String> issuer) {
        rehearse = issuer;
        return this;
    }

    /** The issuer at which the next order is to be rehearsed before. */
    Optional<String> rehearse() {
        return rehearse;
    }

    /** Whether no other issuer can help. */
    boolean isFinal() {
        return isFinal;
    }

    String lastReason() {
        return said.get(said.size() - 1).sentences();
    }

    /** Why nobody was asked, if that is so. */
    Optional<LimitRefusal> postponement() {
        return refusals.size() == said.size() ? Optional.of(IssuerChain.merged(refusals)) : Optional.empty();
    }

    /** What all of them said. */
    String reason() {
        return isOfOneIssuer
                ? lastReason()
                : said.stream().map(ChainFailure::attributed).collect(Collectors.joining(" "));
    }

    private static String attributed(Said said) {
        boolean isNamed = said.sentences().contains(said.issuer());
        return isNamed ? said.sentences() : said.issuer() + ": " + said.sentences();
    }

    /** How long it takes until one of them can be asked again. */
    Duration waitFrom(Instant now) {
        return said.stream()
                .map(Said::again)
                .min(Comparator.naturalOrder())
                .map(again -> Duration.between(now, again))
                .filter(wait -> !wait.isNegative())
                .orElse(Duration.ZERO);
    }

    @Override
    public String getMessage() {
        return reason();
    }
}
