package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A program of the system that a test needs. */
final class SystemTool {

    private static final boolean REQUIRED = "required".equals(System.getenv("GATEHOUSE_TEST_TOOLS"));

    private SystemTool() {}

    /** Finds a program. Without it the test is skipped, or fails where the tools are required. */
    static String find(String program) {
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
}
