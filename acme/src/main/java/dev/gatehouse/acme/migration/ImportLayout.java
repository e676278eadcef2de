package dev.gatehouse.acme.migration;

import java.io.IOException;
import java.nio.file.Path;

/** How a folder with certificates is laid out, named after the program that writes it so. */
public enum ImportLayout {

    /**
     * CertMagic's storage in files, which Caddy uses: {@code certificates/ISSUER/NAME/NAME.crt} and {@code .key},
     * {@code acme/ISSUER/users/EMAIL/}.
     */
    CERTMAGIC("Caddy (CertMagic)"),

    /** certbot's configuration folder: {@code live/}, {@code archive/}, {@code renewal/}, {@code accounts/}. */
    CERTBOT("certbot"),

    /** acme.sh's home: {@code NAME/fullchain.cer} and {@code NAME_ecc/fullchain.cer}, {@code ca/HOST/}. */
    ACME_SH("acme.sh"),

    /**
     * The cache of Go's autocert, one file for each name, and the folder of such caches that kamal-proxy has: one for each
     * directory of an authority.
     */
    AUTOCERT("autocert (kamal-proxy)"),

    /** Any folder, or one file, with certificates and private keys as PEM: which belong together, their keys tell. */
    PEM("PEM files");

    private final String description;

    ImportLayout(String description) {
        this.description = description;
    }

    /**
     * Tells how a folder is laid out. A folder that is none of a program's counts as {@link #PEM}.
     *
     * @param folder a folder, or one file
     * @return its layout
     * @throws IOException if there is no such folder, or it cannot be read
     */
    public static ImportLayout of(Path folder) throws IOException {
        return RecognizedFolder.at(folder).layout();
    }

    LayoutReader reader() {
        return switch (this) {
            case CERTMAGIC -> new CertMagicReader();
            case CERTBOT -> new CertbotReader();
            case ACME_SH -> new AcmeShReader();
            case AUTOCERT -> new AutocertReader();
            case PEM -> new PemFolderReader();
        };
    }

    /** Whether the program makes symbolic links within its folder. */
    boolean hasLinks() {
        return this == CERTBOT || this == PEM;
    }

    /** {@return the name of the program} */
    @Override
    public String toString() {
        return description;
    }
}
