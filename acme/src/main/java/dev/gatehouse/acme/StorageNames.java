package dev.gatehouse.acme;

import java.nio.charset.StandardCharsets;

/** What a storage accepts as a name: everything that UTF-8 and every database can hold. */
final class StorageNames {

    private static final int MAX_LENGTH = 1024;

    private StorageNames() {}

    static void require(String parameter, String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    parameter + ": " + name.length() + " characters (expected: 1 to " + MAX_LENGTH + ")");
        }
        if (name.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException(
                    parameter + ": holds a NUL or half a surrogate pair (expected: text that UTF-8 can hold)");
        }
    }
}
