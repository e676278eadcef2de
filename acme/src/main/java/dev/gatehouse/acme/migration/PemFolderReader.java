package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads PEM files of any names, down to three levels of folders. What has no PEM in it is passed over. */
final class PemFolderReader implements LayoutReader {

    private static final int LEVELS = 3;
    private static final Set<String> USUAL_SUFFIXES = Set.of("pem", "crt", "cer", "key", "chain");

    private final PemPairs pairs = new PemPairs();
    private final Map<PemEntry, PemEntry> authorities = new HashMap<>();

    @Override
    public void read(SourceFolder folder, Findings findings) {
        if (Files.isRegularFile(folder.root())) {
            readFile(folder, folder.root(), findings);
        } else {
            readFolder(folder, folder.root(), LEVELS, findings);
        }
        pairs.join(findings);
    }

    private void readFolder(SourceFolder folder, Path parent, int levels, Findings findings) {
        for (Path child : folder.list(parent)) {
            if (child.getFileName().toString().startsWith(".")) {
                continue;
            }
            if (!Files.isDirectory(child)) {
                readFile(folder, child, findings);
            } else if (levels > 0) {
                readFolder(folder, child, levels - 1, findings);
            }
        }
    }

    private void readFile(SourceFolder folder, Path file, Findings findings) {
        try {
            String text = folder.text(file);
            if (text.contains("-----BEGIN CERTIFICATE-----")) {
                pairs.addCertificates(file, certificates(text));
            }
            if (text.contains("PRIVATE KEY-----")) {
                pairs.addKey(file, KeyPairs.fromPem(text));
            }
        } catch (CredentialException damaged) {
            findings.problem(file, ImportOutcome.DAMAGED, damaged.getMessage() + "");
        } catch (UnusableSourceException unusable) {
            if (hasUsualSuffix(file)) {
                findings.problem(unusable);
            }
        }
    }

    private List<PemEntry> certificates(String text) {
        return Pem.certificates(text).stream()
                .map(PemEntry::of)
                .map(entry -> entry.isAuthority() ? shared(entry) : entry)
                .toList();
    }

    private PemEntry shared(PemEntry authority) {
        PemEntry known = authorities.putIfAbsent(authority, authority);
        return known == null ? authority : known;
    }

    private static boolean hasUsualSuffix(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return USUAL_SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
