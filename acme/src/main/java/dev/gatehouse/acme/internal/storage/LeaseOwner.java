package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** How a holder of leases is told from others: host, process, and a random part, so that a reused process id is another. */
final class LeaseOwner {

    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private LeaseOwner() {}

    static String unique() {
        return host() + "/" + ProcessHandle.current().pid() + "/"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Without the name service, which may be slow or missing. */
    private static String host() {
        String given = System.getenv("HOSTNAME");
        if (given == null) {
            given = System.getenv("COMPUTERNAME");
        }
        if (given == null && Files.isReadable(LINUX_HOST_NAME)) {
            try {
                given = Files.readString(LINUX_HOST_NAME).strip();
            } catch (IOException unreadable) {
                given = null;
            }
        }
        return given == null || given.isBlank() ? "localhost" : given.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
