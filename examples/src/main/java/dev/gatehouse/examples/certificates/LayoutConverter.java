package dev.gatehouse.examples.certificates;

import dev.gatehouse.acme.migration.ImportLayout;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of the program that has laid a folder out. */
final class LayoutConverter implements ITypeConverter<ImportLayout> {

    static final String NAMES = "caddy, certbot, acme.sh, kamal-proxy, autocert or pem";

    @Override
    public ImportLayout convert(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "caddy", "certmagic" -> ImportLayout.CERTMAGIC;
            case "certbot" -> ImportLayout.CERTBOT;
            case "acme.sh" -> ImportLayout.ACME_SH;
            case "kamal-proxy", "autocert" -> ImportLayout.AUTOCERT;
            case "pem" -> ImportLayout.PEM;
            default -> throw new TypeConversionException("'" + name + "' is no layout. Write " + NAMES + ".");
        };
    }
}
