package dev.gatehouse.examples.certificates;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done with certificates. */
@Command(
        name = "certificates",
        description = "Look after certificates.",
        subcommands = {ImportCommand.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true)
public final class CertificatesCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with certificates, such as 'import'.");
    }
}
