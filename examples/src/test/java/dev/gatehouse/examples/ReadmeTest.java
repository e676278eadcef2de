package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The snippets of the README and of the pages behind it are the code of the programs that {@link EmbedTest} runs. */
class ReadmeTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @ParameterizedTest
    @CsvSource({
        "README.md, Jetty, EmbedInJetty",
        "README.md, Undertow, EmbedInUndertow",
        "docs/tls.md, Files, EmbedWithFiles"
    })
    void snippetIsTheCodeThatIsTested(String page, String snippet, String program) throws IOException {
        String source = Files.readString(
                Path.of("src/main/java/dev/gatehouse/examples/embed").resolve(program + ".java"));
        String code = between(source, "// README: " + snippet + "\n", "        // README: end")
                .stripTrailing()
                .stripIndent();

        assertThat(Files.readString(REPOSITORY.resolve(page))).contains("```java\n" + code + "\n```");
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
