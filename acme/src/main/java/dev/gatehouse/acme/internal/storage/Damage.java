package dev.gatehouse.acme.internal.storage;

import java.io.IOException;

/** The bytes of a file are not those that were written. */
final class Damage extends IOException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong, in words for messages and for names of files. */
    enum Kind {
        TOO_LARGE("it is larger than anything that is written", "too-large"),
        NO_HEADER("its header is missing or incomplete", "header"),
        CHECKSUM("its checksum does not fit its content", "checksum"),
        FOREIGN("it is a copy of another record", "foreign"),
        SEAL("it was not encrypted for this record, or was altered since", "seal");

        private final String sentence;
        private final String slug;

        Kind(String sentence, String slug) {
            this.sentence = sentence;
            this.slug = slug;
        }
    }

    Damage(Kind kind) {
        super(kind.sentence);
        this.kind = kind;
    }

    String sentence() {
        return kind.sentence;
    }

    String slug() {
        return kind.slug;
    }
}
