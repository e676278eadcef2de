package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The snippets of the README are the code of the programs that {@link EmbedTest} runs. */
class ReadmeTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @ParameterizedTest
    @CsvSource({"Jetty, EmbedInJetty", "Undertow, EmbedInUndertow"})
    void snippetIsTheCodeThatIsTested(String server, String program) throws IOException {
        String source = Files.readString(
                Path.of("src/main/java/dev/gatehouse/examples/embed").resolve(program + ".java"));
        String code = between(source, "// README: " + server + "\n", "        // README: end")
                .stripTrailing()
                .stripIndent();

        assertThat(Files.readString(REPOSITORY.resolve("README.md"))).contains("```java\n" + code + "\n```");
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
