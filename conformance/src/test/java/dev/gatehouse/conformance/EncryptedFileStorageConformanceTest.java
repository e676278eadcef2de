package dev.gatehouse.conformance;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.EncryptionKeys;
import dev.gatehouse.acme.FileStorage;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class EncryptedFileStorageConformanceTest extends CertificateStorageConformance {

    @TempDir
    private Path folder;

    @Override
    protected CertificateStorage open(InstantSource clock) {
        return FileStorage.builder(folder)
                .clock(clock)
                .encryption(EncryptionKeys.of(new byte[32]))
                .open();
    }
}
