package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.tls.HeldCertificate;

/** Pairs of key and certificate for the tests, and the ways in which programs write them. */
final class Pairs {

    static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .certificateAuthority(1)
            .commonName("root")
            .build();
    static final HeldCertificate INTERMEDIATE = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("intermediate")
            .signedBy(ROOT)
            .build();

    private Pairs() {}

    static HeldCertificate of(String... names) {
        return builder(names).build();
    }

    static HeldCertificate valid(Instant from, Duration life, String... names) {
        return builder(names)
                .validityInterval(from.toEpochMilli(), from.plus(life).toEpochMilli())
                .build();
    }

    static HeldCertificate.Builder builder(String... names) {
        HeldCertificate.Builder builder =
                new HeldCertificate.Builder().commonName(names[0]).signedBy(INTERMEDIATE);
        for (String name : names) {
            builder.addSubjectAlternativeName(name);
        }
        return builder;
    }

    static String leaf(HeldCertificate pair) {
        return Pem.encode(List.of(pair.certificate()));
    }

    static String chain(HeldCertificate pair) {
        return Pem.encode(List.of(pair.certificate(), INTERMEDIATE.certificate()));
    }

    static String key(HeldCertificate pair) {
        return Pem.encode(pair.keyPair().getPrivate());
    }

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** As careful programs do it. */
    static void writeByRename(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
