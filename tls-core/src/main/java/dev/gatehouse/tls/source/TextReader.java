package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.source.Look.Unchanged;
import dev.gatehouse.tls.source.Look.Unusable;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** PEM text that does not change by itself: given by the program, or in the environment. */
final class TextReader implements SourceReader {

    private final String name;
    private final Supplier<String> text;
    private final PemParser parser;
    private boolean shown;

    TextReader(String name, Supplier<String> text, PemParser parser) {
        this.name = name;
        this.text = text;
        this.parser = parser;
    }

    @Override
    public Look look() {
        if (shown) {
            return Unchanged.UNCHANGED;
        }
        shown = true;
        String content;
        try {
            content = text.get();
        } catch (CredentialException absent) {
            return new Unusable(String.valueOf(absent.getMessage()), "absent");
        }
        return PairedFiles.look(
                name,
                List.of(parser.parse(new PemFile.Place(name, null), content, text)),
                Set.of(),
                content.hashCode());
    }

    @Override
    public void distrust() {
        shown = false;
    }
}
