package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/import.md are copied from here, and the page names every outcome. */
class ImportGuideTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path PAGE = MODULE.resolveSibling("docs").resolve("import.md");

    static void importFromCertbot() throws IOException {
        // GUIDE: import
        CertificateStorage storage = FileStorage.at(Path.of("data/certificates"));
        ImportPlan plan = CertificateImport.from(Path.of("/etc/letsencrypt")).plan(storage);
        plan.entries().forEach(System.out::println); // what would be done; nothing is written yet

        ImportReport report = plan.apply();
        report.problems().forEach(problem -> System.err.println(problem.outcome() + " " + problem));
        // GUIDE: end
    }

    static void importAccountsOfAnInternalAuthority(CertificateStorage storage) throws IOException {
        // GUIDE: directory
        CertificateImport.from(Path.of("/var/lib/caddy"))
                .directory(URI.create("https://ca.internal/acme/acme/directory"))
                .plan(storage)
                .apply();
        // GUIDE: end
    }

    @Test
    void theExamplesOfTheGuideAreThoseAbove() throws IOException {
        String source =
                Files.readString(MODULE.resolve("src/test/java/dev/gatehouse/acme/migration/ImportGuideTest.java"));
        List<String> examples = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(result -> result.group(1))
                .toList();
        Matcher marked = Pattern.compile(" {8}// GUIDE: \\w+\n(.*?)\n {8}// GUIDE: end", Pattern.DOTALL)
                .matcher(source);

        assertThat(marked.results().map(result -> result.group(1).stripIndent()))
                .hasSize(2)
                .containsExactlyElementsOf(examples);
    }

    @Test
    void theGuideTellsEveryOutcome() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(Arrays.stream(ImportOutcome.values()))
                .allSatisfy(outcome -> assertThat(page).contains("\n| `" + outcome + "` |"));
    }
}
