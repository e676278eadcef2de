package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.internal.renewal.RenewalMoment;
import dev.gatehouse.tls.Credential;
import java.time.Instant;
import java.util.Optional;

/**
 * What lies ahead of a certificate, whether it is in memory, in storage only, or still to be issued.
 *
 * @param plan the certificate
 * @param notAfter until when the present one is valid; empty if there is none
 * @param renewal when it is to be replaced; empty until its record has been read
 * @param asksAgain when the authority is to be asked about that moment
 * @param vainQuestions how often in a row it was asked in vain
 * @param failure why the last attempt came to nothing
 * @param lastUse when a client last asked for it, as far as it is stored
 * @param hold why it is not renewed now, a clause
 * @param restsUntil when it may be renewed at the earliest, since it has just been issued
 */
record Prospect(
        CertificatePlan plan,
        Optional<Instant> notAfter,
        Optional<RenewalMoment> renewal,
        Optional<Instant> asksAgain,
        int vainQuestions,
        Optional<Refusal> failure,
        Optional<Instant> lastUse,
        Optional<String> hold,
        Instant restsUntil) {

    /** A certificate that is to be issued, or of which nothing is known yet. */
    static Prospect of(CertificatePlan plan) {
        return new Prospect(
                plan,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH);
    }

    /** A certificate that is in storage and was not read yet. */
    static Prospect stored(CertificatePlan plan, Instant expiry) {
        Prospect none = of(plan);
        return new Prospect(
                plan,
                Optional.of(expiry),
                none.renewal,
                none.asksAgain,
                0,
                none.failure,
                none.lastUse,
                none.hold,
                Instant.EPOCH);
    }

    /** The same for a plan with other names. */
    Prospect inPlan(CertificatePlan changed) {
        return new Prospect(changed, notAfter, renewal, asksAgain, vainQuestions, failure, lastUse, hold, restsUntil);
    }

    CertificateId id() {
        return plan.id();
    }

    boolean isOf(Credential credential) {
        return renewal.isPresent() && notAfter.equals(Optional.of(credential.notAfter()));
    }

    /** A certificate that is there, and of which the authority was not asked yet. */
    Prospect with(Credential credential, RenewalMoment moment, Instant firstQuestion) {
        return new Prospect(
                plan,
                Optional.of(credential.notAfter()),
                Optional.of(moment),
                Optional.of(firstQuestion),
                0,
                Optional.empty(),
                lastUse,
                Optional.empty(),
                restsUntil);
    }

    /** One that was just issued is not replaced at once, whatever the authority says. */
    Prospect resting(Instant until) {
        return new Prospect(
                plan,
                notAfter,
                renewal.map(moment -> moment.notBefore(until)),
                asksAgain,
                vainQuestions,
                failure,
                lastUse,
                hold,
                until);
    }

    Prospect answered(RenewalMoment moment, Instant nextQuestion) {
        return new Prospect(
                plan, notAfter, Optional.of(moment), Optional.of(nextQuestion), 0, failure, lastUse, hold, restsUntil);
    }

    Prospect unanswered(Instant nextQuestion) {
        return new Prospect(
                plan,
                notAfter,
                renewal,
                Optional.of(nextQuestion),
                vainQuestions + 1,
                failure,
                lastUse,
                hold,
                restsUntil);
    }

    Prospect failed(Refusal refusal) {
        return new Prospect(
                plan,
                notAfter,
                renewal,
                asksAgain,
                vainQuestions,
                Optional.of(refusal),
                lastUse,
                Optional.empty(),
                restsUntil);
    }

    Prospect held(String why) {
        return new Prospect(
                plan, notAfter, renewal, asksAgain, vainQuestions, failure, lastUse, Optional.of(why), restsUntil);
    }

    Prospect released() {
        return hold.isEmpty()
                ? this
                : new Prospect(
                        plan,
                        notAfter,
                        renewal,
                        asksAgain,
                        vainQuestions,
                        failure,
                        lastUse,
                        Optional.empty(),
                        restsUntil);
    }

    Prospect usedAt(Instant use) {
        return new Prospect(
                plan, notAfter, renewal, asksAgain, vainQuestions, failure, Optional.of(use), hold, restsUntil);
    }

    boolean isRenewalDue(Instant now) {
        return renewal.filter(moment -> !moment.at().isAfter(now)).isPresent();
    }

    boolean isQuestionDue(Instant now) {
        return asksAgain.filter(at -> !at.isAfter(now)).isPresent();
    }

    /** When something is to be done about it, if all goes well. */
    Instant next(Instant now) {
        Instant replaced = renewal.map(RenewalMoment::at).orElse(now);
        return asksAgain.filter(replaced::isAfter).orElse(replaced);
    }
}
