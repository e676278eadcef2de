package dev.gatehouse.acme;

import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The certificate that an {@link Issuer} is asked for. Immutable: each method that changes something returns another
 * request.
 */
public final class IssuanceRequest {

    /** As many as the usual authorities take in one certificate. */
    private static final int MAX_NAMES = 100;

    private final SubjectName subject;
    private final SortedSet<SubjectName> names;
    private final Optional<CertificateKey> key;
    private final Optional<Credential> replaced;
    private final Optional<String> replacedIssuer;

    private IssuanceRequest(
            SubjectName subject,
            SortedSet<SubjectName> names,
            Optional<CertificateKey> key,
            Optional<Credential> replaced,
            Optional<String> replacedIssuer) {
        this.subject = subject;
        this.names = names;
        this.key = key;
        this.replaced = replaced;
        this.replacedIssuer = replacedIssuer;
    }

    /**
     * Asks for a certificate with a new private key.
     *
     * @param subject the name under which its events and its status go
     * @param others further names that it is to be good for
     * @return the request
     * @throws IllegalArgumentException if there are more than 100 names
     */
    public static IssuanceRequest of(SubjectName subject, SubjectName... others) {
        SortedSet<SubjectName> names = new TreeSet<>(List.of(others));
        names.add(Objects.requireNonNull(subject, "subject"));
        if (names.size() > MAX_NAMES) {
            throw new IllegalArgumentException(subject + ": " + names.size()
                    + " names in one certificate (expected: at most " + MAX_NAMES + "). Ask for several certificates.");
        }
        return new IssuanceRequest(
                subject,
                Collections.unmodifiableSortedSet(names),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Sets which kind of key it is to have.
     *
     * @param kind the kind; without this, the issuer's usual one
     * @return a request for a key of this kind
     */
    public IssuanceRequest key(CertificateKey kind) {
        return new IssuanceRequest(subject, names, Optional.of(kind), replaced, replacedIssuer);
    }

    /**
     * Tells which certificate it replaces, for issuers that count replacements apart (RFC 9773, section 5) or use a key
     * again.
     *
     * @param credential the earlier certificate
     * @return a request to replace it
     */
    public IssuanceRequest replacing(Credential credential) {
        return new IssuanceRequest(subject, names, key, Optional.of(credential), replacedIssuer);
    }

    /**
     * Tells which certificate it replaces, and who issued that one: an authority counts only replacements of its own.
     *
     * @param credential the earlier certificate
     * @param issuer the {@linkplain Issuer#identity identity} of the issuer that it came from
     * @return a request to replace it
     */
    public IssuanceRequest replacing(Credential credential, String issuer) {
        return new IssuanceRequest(subject, names, key, Optional.of(credential), Optional.of(issuer));
    }

    /** {@return the name under which its events and its status go; one of the names} */
    public SubjectName subject() {
        return subject;
    }

    /** {@return the names that it is to be good for, sorted; unmodifiable} */
    public SortedSet<SubjectName> names() {
        return names;
    }

    /** {@return the kind of its key, if it is not the issuer's usual one} */
    public Optional<CertificateKey> key() {
        return key;
    }

    /** {@return the certificate that it replaces, if there is one} */
    public Optional<Credential> replaced() {
        return replaced;
    }

    /** {@return the identity of the issuer of the certificate that it replaces, if it is known} */
    public Optional<String> replacedIssuer() {
        return replacedIssuer;
    }

    /**
     * Tells whether a certificate has all names that are asked for.
     *
     * @param coverage the names of a certificate
     * @return whether it is good for each of them
     */
    public boolean isSatisfiedBy(Coverage coverage) {
        return names.stream().allMatch(coverage::covers);
    }

    /** {@return the names, separated by commas} */
    @Override
    public String toString() {
        return String.join(", ", names.stream().map(SubjectName::value).toList());
    }
}
