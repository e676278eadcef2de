package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoverageExplanationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app.example.com | app.example.com | `app.example.com` is one of the names.",
                "*.example.com | App.Example.com. | `app.example.com` is covered by `*.example.com`.",
                "*.example.com | example.com | `*.example.com` does not cover `example.com` itself. Add `example.com`.",
                "*.example.com | api.app.example.com | `*.example.com` covers one label; `api.app.example.com` is two"
                        + " below. Add `*.app.example.com` or use `api-app.example.com`.",
                "*.example.com *.b.example.com | x.a.b.example.com | `*.b.example.com` covers one label;"
                        + " `x.a.b.example.com` is two below. Add `*.a.b.example.com` or use `x-a.b.example.com`.",
                "*.example.com | a.xn--bcher-kva.example.com | `*.example.com` covers one label;"
                        + " `a.xn--bcher-kva.example.com` is two below. Add `*.xn--bcher-kva.example.com`.",
                "example.com | www.example.com | `example.com` covers only itself, not `www.example.com` below it."
                        + " Add `www.example.com`.",
                "example.com | app.example.com | `example.com` covers only itself, not `app.example.com` below it."
                        + " Add `app.example.com` or `*.example.com`.",
                "www.example.com app.example.com | example.com | `www.example.com` covers only itself, not"
                        + " `example.com` above it. Add `example.com`.",
                "*.app.example.com | api.example.com | `*.app.example.com` covers names one label below"
                        + " `app.example.com`; `api.example.com` is not below it. Add `api.example.com` or"
                        + " `*.example.com`.",
                "app.example.com | app.exmaple.com | `app.exmaple.com` is not covered, but `app.example.com` is; did"
                        + " you mean that? If not, add `app.exmaple.com`.",
                "*.example.com | shop.exampel.com | `shop.exampel.com` is not covered, but `shop.example.com` is; did"
                        + " you mean that? If not, add `shop.exampel.com`.",
                "app.example.com | billing.example.com | `app.example.com` covers only itself, not its sibling"
                        + " `billing.example.com`. Add `billing.example.com` or `*.example.com`.",
                "books.co.uk | gardening.co.uk | `books.co.uk` covers only itself, not its sibling"
                        + " `gardening.co.uk`. Add `gardening.co.uk`.",
                "a.example *.b.example | gardening.test | `gardening.test` is not covered: the names are `a.example`,"
                        + " `*.b.example`; none is near. Add `gardening.test`.",
                "*.example.com | 192.0.2.1 | `192.0.2.1` is an IP address, which only an entry of its own covers; the"
                        + " names are `*.example.com`. Add `192.0.2.1` as an IP address, or connect by name.",
                "localhost | app.localhost | `localhost` covers only itself, not `app.localhost` below it. Add"
                        + " `app.localhost`.",
                "192.0.2.1 | localhost | `localhost` is not covered: the names are `192.0.2.1`; none is near. Add"
                        + " `localhost`.",
            })
    void explanationNamesTheNearestMissAndTheRemedy(String names, String asked, String explanation) {
        assertThat(Coverage.of(List.of(names.split(" "))).explain(asked)).isEqualTo(explanation);
    }

    @Test
    void emptyCoverageSaysThatThereAreNoNames() {
        assertThat(Coverage.of(List.of()).explain("example.com"))
                .isEqualTo("There are no names at all, so `example.com` is not covered. Add `example.com`.");
    }

    @Test
    void hundredsOfNamesAreSummedUp() {
        Coverage coverage = Coverage.of(IntStream.range(0, 500)
                .mapToObj(number -> "tenant" + number + ".example" + number + ".com")
                .toList());

        assertThat(coverage.explain("elsewhere.test"))
                .contains("`tenant0.example0.com`, ", " and 495 more; none is near")
                .hasSizeLessThan(300);
    }

    @Test
    void shortNamesThatDifferAreNotCalledMisspellings() {
        assertThat(Coverage.of(List.of("a.io")).explain("b.io")).contains("none is near");
    }

    @Test
    void joinedLabelIsNotSuggestedWhenItWouldBeTooLong() {
        String label = "a".repeat(40);

        assertThat(Coverage.of(List.of("*.example.com")).explain(label + '.' + label + ".example.com"))
                .endsWith("Add `*." + label + ".example.com`.");
    }

    @Test
    void misspellingOfTheLongestNameSuggestsNoLongerOne() {
        String label = "a".repeat(61) + '.';
        String parent = label + label + label + "example";
        String longest = "x".repeat(253 - parent.length() - 5) + '.' + parent + ".com";

        assertThat(Coverage.of(List.of("*." + parent + "s.com")).explain(longest))
                .contains("none is near");
    }

    @Test
    void explanationOfAnyNameAgreesWithTheCoverageAndNamesIt() {
        long seed = 20260501;
        Random random = new Random(seed);
        List<String> labels = List.of("www", "app", "apps", "api", "a", "example", "com", "localhost");
        for (int round = 0; round < 5000; round++) {
            Coverage coverage = Coverage.of(List.of(name(random, labels), "*." + name(random, labels) + ".com"));
            ServerName asked = ServerName.of(name(random, labels));

            String explanation = coverage.explain(asked);

            assertThat(explanation).as("seed %d, %s", seed, coverage).contains("`" + asked + "`");
            assertThat(explanation.contains("is covered by") || explanation.contains("is one of"))
                    .as("seed %d, %s: %s", seed, coverage, explanation)
                    .isEqualTo(coverage.covers(asked));
        }
    }

    private static String name(Random random, List<String> labels) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(ignored -> labels.get(random.nextInt(labels.size())))
                .collect(Collectors.joining("."));
    }

    @Test
    void whatIsNoNameIsRefused() {
        Coverage coverage = Coverage.of(List.of("example.com"));

        assertThatThrownBy(() -> coverage.explain("exa mple.com")).isInstanceOf(InvalidNameException.class);
    }
}
