package dev.gatehouse.testing.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the system that a test needs. The tests of other modules use it, too. */
public final class SystemTool {

    private static final boolean REQUIRED = "required".equals(System.getenv("GATEHOUSE_TEST_TOOLS"));

    private final String program;

    private SystemTool(String program) {
        this.program = program;
    }

    /** Finds a program. Without it the test is skipped, or fails where the tools are required. */
    public static SystemTool named(String program) {
        return new SystemTool(find(program));
    }

    /** The same for tests that run the program themselves; returns its name. */
    public static String find(String program) {
        boolean isThere = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!isThere) {
            String reason = "'" + program + "' is not installed; install the Debian package of that name";
            if (REQUIRED) {
                fail(reason);
            }
            abort(reason);
        }
        return program;
    }

    /** Runs the program in a folder and returns all that it writes. */
    public String run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, program, ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("end of %s", command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
