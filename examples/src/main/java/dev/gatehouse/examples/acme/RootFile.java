package dev.gatehouse.examples.acme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that others see either as it was before or whole. */
final class RootFile {

    private RootFile() {}

    static void write(Path file, String content) throws IOException {
        Path absolute = file.toAbsolutePath();
        if (!Files.isDirectory(absolute.resolveSibling("."))) {
            throw new IOException("there is no such folder");
        }
        if (Files.isDirectory(absolute)) {
            throw new IOException("it is a folder");
        }
        Path draft = absolute.resolveSibling(absolute.getFileName() + ".new");
        try {
            Files.writeString(draft, content);
            Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
