package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import dev.gatehouse.tls.internal.pem.BoundedFile;
import dev.gatehouse.tls.internal.pem.PemSection;
import dev.gatehouse.tls.internal.pem.PemText;
import dev.gatehouse.tls.internal.pem.PrivateKeyForms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys of PEM files and of other PEM text. Safe for use by several threads. */
final class PemParser implements FileFormat<PemFile> {

    private final @Nullable Supplier<char[]> password;
    private final CertificateCache known = new CertificateCache();

    PemParser(@Nullable Supplier<char[]> password) {
        this.password = password;
    }

    @Override
    public PemFile parse(Path file, byte[] content) {
        return parse(PemFile.Place.of(file), PemText.decode(content), () -> text(file));
    }

    @Override
    public PemFile unreadable(Path file, String problem) {
        return PemFile.unusable(PemFile.Place.of(file), problem);
    }

    @Override
    public boolean isWorthAnotherTry(PemFile content) {
        return content.problem() != null;
    }

    /**
     * Reads PEM text.
     *
     * @param place where it is from
     * @param text the text
     * @param reread reads the text again, for a key that is needed once more later
     */
    PemFile parse(PemFile.Place place, String text, Supplier<String> reread) {
        try {
            List<EncodedCertificate> certificates = new ArrayList<>(2);
            List<PemKey> keys = new ArrayList<>(1);
            for (PemSection section : PemText.sections(text)) {
                if (section.isCertificate()) {
                    certificates.add(known.certificate(section, certificates.isEmpty()));
                } else {
                    keys.add(key(place, section, keys.size(), reread));
                }
            }
            return new PemFile(place, List.copyOf(certificates), List.copyOf(keys), null);
        } catch (CredentialException malformed) {
            return PemFile.unusable(place, String.valueOf(malformed.getMessage()));
        }
    }

    private PemKey key(PemFile.Place place, PemSection section, int position, Supplier<String> reread) {
        return new PemKey(
                place, PrivateKeyForms.read(section, password), () -> key(place.name(), position, reread.get()));
    }

    private EncodedPrivateKey key(String name, int position, String text) {
        PemSection section = PemText.sections(text).stream()
                .filter(PemSection::isPrivateKey)
                .skip(position)
                .findFirst()
                .orElseThrow(() -> new CredentialException(
                        "The private key has gone from " + name + " while it was read. The next look finds out why."));
        return PrivateKeyForms.read(section, password);
    }

    private static String text(Path file) {
        try {
            return PemText.decode(BoundedFile.read(file));
        } catch (IOException unreadable) {
            throw new CredentialException(
                    file + ": cannot be read (" + unreadable + "). Check its permissions.", unreadable);
        }
    }
}
