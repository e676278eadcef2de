package dev.gatehouse.routing.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LargeUploadTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(90)
    void anUploadOf1GiBTakesLessThan128MiBOfHeap() throws Exception {
        Path output = folder.resolve("output");
        Path spool = Files.createDirectory(folder.resolve("spool"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=16m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LargeUpload.class.getName(),
                        spool.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(output)).contains("1073741824 bytes");
        assertThat(process.exitValue()).isZero();
        assertThat(spool).isEmptyDirectory();
    }
}
