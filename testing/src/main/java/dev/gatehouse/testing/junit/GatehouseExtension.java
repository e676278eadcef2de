package dev.gatehouse.testing.junit;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.TestDns;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a {@link TestCa}, an {@link AcmeTestServer}, a {@link RevocationServer} and a {@link TestDns} to the methods of a
 * test that have parameters of these types, and closes the servers afterwards. The servers belong to the CA that is given
 * beside them; what no method asks for is not made.
 *
 * <p>With the settings that most tests need:
 *
 * <pre>{@code
 * @ExtendWith(GatehouseExtension.class)
 * class TenantTest {
 *     @Test
 *     void getsACertificate(TestCa ca, AcmeTestServer acme) { ... }
 * }
 * }</pre>
 *
 * <p>With settings of one's own:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final GatehouseExtension GATEHOUSE = GatehouseExtension.builder()
 *         .lifetime(Lifetime.PER_CLASS)
 *         .ca(() -> TestCa.builder().keyAlgorithm(KeyAlgorithm.RSA_2048).build())
 *         .acme(acme -> acme.http01Port(8080))
 *         .build();
 * }</pre>
 *
 * <p>A lifetime of {@link Lifetime#PER_METHOD}, the default, gives each test its own: parameters of {@code @BeforeEach},
 * {@code @Test} and {@code @AfterEach} are then allowed, those of constructors and {@code @BeforeAll} are not. With
 * {@link Lifetime#PER_CLASS} all are allowed, and mean the same.
 *
 * <p>Safe for tests that run at the same time.
 */
public final class GatehouseExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
    private static final Map<Class<?>, Function<Resources, Object>> TYPES = Map.of(
            TestCa.class, Resources::ca,
            AcmeTestServer.class, Resources::acme,
            RevocationServer.class, Resources::revocation,
            TestDns.class, Resources::dns);

    private final Lifetime lifetime;
    private final Supplier<Resources> maker;
    private final ExtensionContext.Namespace namespace;

    /** Makes an extension with the default settings. For {@code @ExtendWith}. */
    public GatehouseExtension() {
        this(new Builder());
    }

    private GatehouseExtension(Builder settings) {
        Supplier<TestCa> ca = settings.ca == null ? TestCa::create : settings.ca;
        Consumer<AcmeTestServerBuilder> acme = settings.acme == null ? builder -> {} : settings.acme;
        Consumer<RevocationServer.Builder> revocation =
                settings.revocation == null ? builder -> {} : settings.revocation;
        Consumer<TestDns.Builder> dns = settings.dns == null ? builder -> {} : settings.dns;
        boolean acmeAsksDns = settings.dns != null;
        this.lifetime = settings.lifetime == null ? Lifetime.PER_METHOD : settings.lifetime;
        this.maker = () -> new Resources(
                ca,
                (issuer, ofTest) -> {
                    AcmeTestServerBuilder builder = AcmeTestServer.builder().ca(issuer);
                    if (acmeAsksDns) {
                        builder.dns(ofTest.get());
                    }
                    acme.accept(builder);
                    return builder.start();
                },
                issuer -> {
                    RevocationServer.Builder builder = RevocationServer.builder(issuer);
                    revocation.accept(builder);
                    return builder.start();
                },
                () -> {
                    TestDns.Builder builder = TestDns.builder();
                    dns.accept(builder);
                    return builder.start();
                });
        this.namespace = ExtensionContext.Namespace.create(this);
    }

    /** {@return a builder for {@code @RegisterExtension}} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return Objects.requireNonNull(TYPES.get(type)).apply(resources(owner(parameter, context)));
    }

    /** Closes the servers of a test method, if there are any. */
    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    /** Closes the servers of a class, if there are any; those of its nested classes are the same. */
    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** The context whose end is the end of what is made. */
    private ExtensionContext owner(ParameterContext parameter, ExtensionContext context) {
        if (lifetime == Lifetime.PER_CLASS) {
            return outermostClass(context);
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(parameter.getDeclaringExecutable()
                    + " runs outside of a test method, but each test method has its own "
                    + parameter.getParameter().getType().getSimpleName()
                    + ". Take it as a parameter of @BeforeEach, or choose Lifetime.PER_CLASS.");
        }
        return context;
    }

    private static ExtensionContext outermostClass(ExtensionContext context) {
        ExtensionContext outermost = context;
        Optional<ExtensionContext> next = Optional.of(context);
        while (next.isPresent() && next.get().getTestClass().isPresent()) {
            outermost = next.get();
            next = outermost.getParent();
        }
        return outermost;
    }

    private synchronized Resources resources(ExtensionContext owner) {
        ExtensionContext.Store store = owner.getStore(namespace);
        Resources resources = store.get(Resources.class, Resources.class);
        if (resources == null) {
            resources = maker.get();
            store.put(Resources.class, resources);
        }
        return resources;
    }

    /** A store gives up what is its own, and never what it has from an enclosing context. */
    private void close(ExtensionContext owner) {
        Resources resources = owner.getStore(namespace).remove(Resources.class, Resources.class);
        if (resources != null) {
            resources.close();
        }
    }

    /** Settings of a {@link GatehouseExtension}. Each is made at most once. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable Lifetime lifetime;
        private @Nullable Supplier<TestCa> ca;
        private @Nullable Consumer<AcmeTestServerBuilder> acme;
        private @Nullable Consumer<RevocationServer.Builder> revocation;
        private @Nullable Consumer<TestDns.Builder> dns;

        private Builder() {}

        /**
         * Chooses how long things are used; the default is {@link Lifetime#PER_METHOD}.
         *
         * @param newLifetime the lifetime
         * @return this builder
         */
        public Builder lifetime(Lifetime newLifetime) {
            requireUnset("lifetime", lifetime);
            lifetime = Objects.requireNonNull(newLifetime, "lifetime");
            return this;
        }

        /**
         * Sets how a CA is made; the default is {@link TestCa#create()}.
         *
         * @param maker called once for each lifetime
         * @return this builder
         */
        public Builder ca(Supplier<TestCa> maker) {
            requireUnset("ca", ca);
            ca = Objects.requireNonNull(maker, "maker");
            return this;
        }

        /**
         * Changes the settings of ACME servers, whose CA is set already.
         *
         * @param settings called once for each lifetime in which a server is asked for
         * @return this builder
         */
        public Builder acme(Consumer<AcmeTestServerBuilder> settings) {
            requireUnset("acme", acme);
            acme = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Changes the settings of revocation servers.
         *
         * @param settings called once for each lifetime in which a server is asked for
         * @return this builder
         */
        public Builder revocation(Consumer<RevocationServer.Builder> settings) {
            requireUnset("revocation", revocation);
            revocation = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Changes the settings of DNS servers, such as their zones, and lets ACME servers look names up there. Without
         * it, ACME servers find every name on this machine.
         *
         * @param settings called once for each lifetime in which a DNS or ACME server is asked for
         * @return this builder
         */
        public Builder dns(Consumer<TestDns.Builder> settings) {
            requireUnset("dns", dns);
            dns = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** {@return a new extension} */
        public GatehouseExtension build() {
            return new GatehouseExtension(this);
        }

        private static void requireUnset(String setting, @Nullable Object current) {
            if (current != null) {
                throw new IllegalStateException(setting + " was already set. Set it once.");
            }
        }
    }
}
