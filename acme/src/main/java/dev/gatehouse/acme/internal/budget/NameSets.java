package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.tls.SubjectName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/** A short key for an exact set of names, however many they are. */
final class NameSets {

    private NameSets() {}

    /** The name itself if it is the only one. */
    static String key(Set<? extends SubjectName> names) {
        String joined = names.stream().map(SubjectName::value).sorted().collect(Collectors.joining(","));
        return names.size() == 1 ? joined : digest(joined);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }
}
