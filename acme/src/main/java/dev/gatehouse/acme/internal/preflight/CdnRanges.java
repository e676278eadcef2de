package dev.gatehouse.acme.internal.preflight;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The published address ranges of content delivery networks, from a file that tells its date. */
final class CdnRanges {

    private static final String RESOURCE = "cdn-ranges.txt";

    private final List<Entry> entries;

    private record Entry(String network, AddressRange range) {}

    private CdnRanges(List<Entry> entries) {
        this.entries = entries;
    }

    static CdnRanges published() {
        try (InputStream file = CdnRanges.class.getResourceAsStream(RESOURCE)) {
            if (file == null) {
                throw new IllegalStateException("The resource " + RESOURCE + " is missing from the artifact.");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
            return new CdnRanges(reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(CdnRanges::parse)
                    .toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Entry parse(String line) {
        String[] words = line.split(" ", 2);
        return new Entry(words[0], AddressRange.parse(words[1]));
    }

    /** Whose address this is. */
    Optional<String> networkOf(InetAddress address) {
        return entries.stream()
                .filter(entry -> entry.range().contains(address))
                .map(Entry::network)
                .findFirst();
    }
}
