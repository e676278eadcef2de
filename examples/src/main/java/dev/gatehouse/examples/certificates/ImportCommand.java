package dev.gatehouse.examples.certificates;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.migration.CertificateImport;
import dev.gatehouse.acme.migration.ImportEntry;
import dev.gatehouse.acme.migration.ImportLayout;
import dev.gatehouse.acme.migration.ImportPlan;
import dev.gatehouse.examples.proxy.CommandFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes certificates and accounts of another program over. */
@Command(
        name = "import",
        description = "Take over the certificates and accounts of Caddy, certbot, acme.sh, kamal-proxy, or PEM files.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {
            "",
            "The folder is only read. Name the folder that the program keeps, such as /etc/letsencrypt, /var/lib/caddy,"
                    + " ~/.acme.sh or ~/.config/kamal-proxy/certs; see docs/import.md.",
            "Exit code 1 if something in it was found and could not be taken over; all the rest is."
        })
final class ImportCommand implements Callable<Integer> {

    private static final int EXIT_PROBLEMS = 1;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "The folder of the other program, or one PEM file.")
    private Path folder;

    @Mixin
    private StorageOptions storage;

    @Option(
            names = "--layout",
            paramLabel = "PROGRAM",
            converter = LayoutConverter.class,
            description = "The program that has laid the folder out: " + LayoutConverter.NAMES
                    + ". Default: recognised by its content.")
    private @Nullable ImportLayout layout;

    @Option(
            names = "--acme-directory",
            paramLabel = "URL",
            description =
                    "The authority that accounts and staging certificates are from, where the folder does not tell.")
    private @Nullable URI directory;

    @Option(names = "--overwrite", description = "Replace what the storage has, even if that lives longer.")
    private boolean overwrite;

    @Option(names = "--dry-run", description = "Say what would be done, and write nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        try (CertificateStorage opened = storage.open()) {
            ImportPlan plan = source().plan(opened);
            List<ImportEntry> entries = dryRun ? plan.entries() : plan.apply().entries();
            print(plan.layout(), entries);
            return entries.stream().anyMatch(entry -> entry.outcome().isProblem()) ? EXIT_PROBLEMS : 0;
        } catch (IOException | UncheckedIOException | IllegalArgumentException unusable) {
            throw new CommandFailedException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private CertificateImport source() {
        CertificateImport source = CertificateImport.from(folder);
        if (layout != null) {
            source = source.layout(layout);
        }
        if (directory != null) {
            source = source.directory(directory);
        }
        return overwrite ? source.overwriting() : source;
    }

    private void print(ImportLayout recognised, List<ImportEntry> entries) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(folder + ": " + recognised);
        entries.forEach(entry -> out.println("  " + entry.outcome() + "  " + entry));
        long written =
                entries.stream().filter(entry -> entry.outcome().isWritten()).count();
        long problems =
                entries.stream().filter(entry -> entry.outcome().isProblem()).count();
        out.println(written + " of " + entries.size() + (dryRun ? " would be" : "") + " imported into " + storage
                + (problems == 0 ? "." : ", " + problems + " to look into."));
        out.flush();
    }
}
