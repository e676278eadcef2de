package dev.gatehouse.examples.certificates;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where certificates are kept, said as the command {@code run} has it. */
public final class StorageOptions {

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = ".gatehouse",
            description = "Folder for what must survive a restart.")
    private Path stateDir;

    @Option(
            names = "--storage",
            paramLabel = "DIR",
            description = "Folder for certificates and accounts. Default: certificates in the state folder.")
    private @Nullable Path storage;

    /** {@return the storage, which the caller closes} */
    public CertificateStorage open() {
        return FileStorage.at(folder());
    }

    private Path folder() {
        return storage == null ? stateDir.resolve("certificates") : storage;
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return folder().toString();
    }
}
