package dev.gatehouse.examples.proxy;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Reads the version from the manifest of the jar. */
final class GatehouseVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        @Nullable String version = Gatehouse.class.getPackage().getImplementationVersion();
        return new String[] {"gatehouse " + (version == null ? "(not packaged)" : version)};
    }
}
