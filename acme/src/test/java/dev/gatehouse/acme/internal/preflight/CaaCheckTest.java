package dev.gatehouse.acme.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaaCheckTest {

    private static final URI ACCOUNT = URI.create("https://ca.test/acct/1");

    private final Map<String, List<CaaRecord>> zone = new HashMap<>();
    private final List<String> lookedUp = new ArrayList<>();

    @Test
    void withoutRecordsEveryAuthorityMayIssue() throws IOException {
        assertThat(check("a.b.example.com")).isEmpty();
        assertThat(lookedUp).containsExactly("a.b.example.com", "b.example.com", "example.com", "com");
    }

    @Test
    void theRecordsNearestToTheNameDecide() throws IOException {
        zone.put("example.com", List.of(issue("other.test")));
        zone.put("b.example.com", List.of(issue("letsencrypt.org")));

        assertThat(check("a.b.example.com")).isEmpty();
        assertThat(check("c.example.com")).isPresent();
    }

    @Test
    void aRefusalNamesTheDomainTheOthersAndTheRecordToAdd() throws IOException {
        zone.put("example.com", List.of(issue("sectigo.com"), issue("digicert.com"), tag("iodef", "mailto:a@b.test")));

        assertThat(check("www.example.com"))
                .contains("The CAA records of example.com permit only digicert.com, sectigo.com, not letsencrypt.org."
                        + " Add the record: example.com. CAA 0 issue \"letsencrypt.org\".");
    }

    @ParameterizedTest
    @CsvSource({
        "letsencrypt.org, true",
        "LetsEncrypt.ORG, true",
        "' letsencrypt.org ', true",
        "letsencrypt.org; validationmethods=http-01, true",
        "'letsencrypt.org; validationmethods=dns-01,HTTP-01', true",
        "letsencrypt.org; validationmethods=dns-01, false",
        "letsencrypt.org; accounturi=https://ca.test/acct/1, true",
        "letsencrypt.org; accounturi=https://ca.test/acct/2, false",
        "letsencrypt.org; foo=bar, true",
        "';', false",
        "'', false",
        "evil-letsencrypt.org, false"
    })
    void issueValues(String value, boolean permitted) throws IOException {
        zone.put("example.com", List.of(issue(value)));

        assertThat(check("www.example.com").isEmpty()).isEqualTo(permitted);
    }

    @Test
    void aRecordForAnotherAccountIsToldApart() throws IOException {
        zone.put("example.com", List.of(issue("letsencrypt.org; accounturi=https://ca.test/acct/2")));

        assertThat(check("www.example.com"))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("permits letsencrypt.org only for another account or another kind of challenge"
                                + " (ours: https://ca.test/acct/1, http-01)")
                        .endsWith("Change its accounturi or validationmethods."));
    }

    @Test
    void wildcardNamesHaveATagOfTheirOwn() throws IOException {
        zone.put("example.com", List.of(issue("letsencrypt.org"), tag("issuewild", ";")));

        assertThat(check("www.example.com")).isEmpty();
        assertThat(checkWildcard("example.com"))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("permit only nobody"));

        zone.put("example.com", List.of(issue("letsencrypt.org")));
        assertThat(checkWildcard("example.com")).isEmpty();
    }

    @Test
    void aCriticalTagThatNobodyKnowsForbidsAll() throws IOException {
        zone.put("example.com", List.of(issue("letsencrypt.org"), new CaaRecord(true, "future", "x")));

        assertThat(check("www.example.com"))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("critical tag 'future'"));
        zone.put("example.com", List.of(issue("letsencrypt.org"), new CaaRecord(false, "future", "x")));
        assertThat(check("www.example.com")).isEmpty();
    }

    @Test
    void anAuthorityThatDoesNotTellItsNameIsNotChecked() throws IOException {
        zone.put("example.com", List.of(issue("other.test")));
        PreflightQuestion question =
                new PreflightQuestion(ServerName.of("www.example.com"), Set.of(), Optional.empty(), Set.of());

        assertThat(new CaaCheck(this::lookup).check(question)).isEmpty();
        assertThat(lookedUp).isEmpty();
    }

    private List<CaaRecord> lookup(String domain) {
        lookedUp.add(domain);
        return zone.getOrDefault(domain, List.of());
    }

    private Optional<String> check(String name) throws IOException {
        PreflightQuestion question = new PreflightQuestion(
                ServerName.of(name), Set.of("letsencrypt.org"), Optional.of(ACCOUNT), Set.of("http-01"));
        return new CaaCheck(this::lookup).check(question).map(PreflightFinding::sentence);
    }

    private Optional<String> checkWildcard(String parent) throws IOException {
        PreflightQuestion question = new PreflightQuestion(
                ServerName.of(parent), true, Set.of("letsencrypt.org"), Optional.of(ACCOUNT), Set.of("dns-01"));
        return new CaaCheck(this::lookup).check(question).map(PreflightFinding::sentence);
    }

    private static CaaRecord issue(String value) {
        return tag("issue", value);
    }

    private static CaaRecord tag(String tag, String value) {
        return new CaaRecord(false, tag, value);
    }
}
