package dev.gatehouse.conformance;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class FileStorageConformanceTest extends CertificateStorageConformance {

    @TempDir
    private Path folder;

    @Override
    protected CertificateStorage open(InstantSource clock) {
        return FileStorage.builder(folder).clock(clock).open();
    }
}
