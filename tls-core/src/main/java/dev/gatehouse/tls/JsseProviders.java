package dev.gatehouse.tls;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds JSSE providers: those that the JVM has registered, and Conscrypt and BouncyCastle where they are on the class path.
 * The latter are used without being registered, so that nothing else in the JVM changes.
 */
final class JsseProviders {

    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private JsseProviders() {}

    /** Conscrypt where it is there and runs, since it needs a quarter of the CPU time; else the JVM's first choice. */
    static Provider automatic() {
        return Conscrypt.PROVIDER.orElseGet(JsseProviders::firstRegistered);
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    static Provider named(String name) {
        Provider registered = Security.getProvider(name);
        if (registered != null && registered.getService("SSLContext", "TLS") != null) {
            return registered;
        }
        return switch (name) {
            case "Conscrypt" -> Conscrypt.PROVIDER.orElseThrow(() -> unknown(name));
            case "BCJSSE" -> bouncyCastle().orElseThrow(() -> unknown(name));
            default -> throw unknown(name);
        };
    }

    /** The first registered one that is not Conscrypt. */
    static Provider ofJdk() {
        return Arrays.stream(Security.getProviders("SSLContext.TLS"))
                .filter(provider -> !provider.getName().equals("Conscrypt"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The JVM has no JSSE provider with TLS but Conscrypt. Check java.security."));
    }

    private static Provider firstRegistered() {
        try {
            return SSLContext.getInstance("TLS").getProvider();
        } catch (NoSuchAlgorithmException noTls) {
            throw new IllegalStateException("The JVM has no JSSE provider with TLS. Check java.security.", noTls);
        }
    }

    private static IllegalArgumentException unknown(String name) {
        String registered = Arrays.stream(Security.getProviders("SSLContext.TLS"))
                .map(Provider::getName)
                .collect(Collectors.joining(", "));
        return new IllegalArgumentException("provider: '" + name + "' is not a JSSE provider of this JVM (registered: "
                + registered + "). Conscrypt and BCJSSE need their library on the class path.");
    }

    private static Optional<Provider> bouncyCastle() {
        return instance(
                "org.bouncycastle.jsse.provider.BouncyCastleJsseProvider", new Object[] {new BouncyCastleProvider()});
    }

    /** Loading it loads a native library, so it is tried once. */
    private static final class Conscrypt {

        static final Optional<Provider> PROVIDER = instance("org.conscrypt.OpenSSLProvider", new Object[0]);
    }

    private static Optional<Provider> instance(String className, Object[] arguments) {
        try {
            Class<?>[] types =
                    Arrays.stream(arguments).map(argument -> Provider.class).toArray(Class<?>[]::new);
            return Optional.of(
                    (Provider) Class.forName(className).getConstructor(types).newInstance(arguments));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        } catch (ReflectiveOperationException | LinkageError unusable) {
            log.warn(
                    "{} is on the class path and cannot be used here: {}. Another JSSE provider takes its place.",
                    className,
                    String.valueOf(unusable.getCause() == null ? unusable : unusable.getCause()));
            return Optional.empty();
        }
    }
}
