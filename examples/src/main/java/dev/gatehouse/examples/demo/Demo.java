package dev.gatehouse.examples.demo;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.examples.proxy.Proxy;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.CertificateSource;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.OnDemandSettings;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.ServiceSettings;
import dev.gatehouse.routing.Target;
import dev.gatehouse.testing.AcmeTestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * A certificate authority, a proxy, two services, an ask hook and a visitor, all in this process. The certificate
 * authority is real in all but trust: it verifies signatures and fetches challenges over HTTP.
 */
final class Demo implements AutoCloseable {

    private static final Set<String> TENANTS = Set.of("alpha.tenants.test", "beta.tenants.test", "gamma.tenants.test");
    private static final String TENANT = "alpha.tenants.test";
    private static final String STRANGER = "stranger.example.test";

    private final Narrator narrator;
    private final Resources open;
    private final Path folder;
    private final AcmeTestServer authority;
    private final SampleServer ask;
    private final Proxy proxy;
    private final Visitor visitor;

    private Demo(int httpPort, int httpsPort, Narrator narrator, Resources open) throws IOException {
        this.narrator = narrator;
        this.open = open;
        this.folder = open.temporaryFolder("gatehouse-demo-");
        this.authority = open.add(AcmeTestServer.start());
        this.ask = open.add(SampleServer.permitting(TENANTS));
        SampleServer shop = open.add(SampleServer.greeting("the shop service"));
        SampleServer api = open.add(SampleServer.greeting("the api service"));
        this.proxy = open.add(Proxy.builder(configuration(shop, api))
                .listen("127.0.0.1", httpPort, httpsPort)
                .storage(FileStorage.at(folder.resolve("certificates")))
                .issuer(AcmeIssuer.directory(authority.directoryUri()).agreeToTermsOfService())
                .listener(narrator)
                .start());
        authority.useHttp01Port(proxy.httpAddress().getPort());
        this.visitor = new Visitor(authority.ca().sslContext(), proxy.httpsAddress());
    }

    static Demo start(int httpPort, int httpsPort, Narrator narrator) throws IOException {
        Resources open = new Resources();
        try {
            return new Demo(httpPort, httpsPort, narrator, open);
        } catch (IOException | RuntimeException failure) {
            open.close();
            throw failure;
        }
    }

    private ProxyConfiguration configuration(SampleServer shop, SampleServer api) {
        return new ProxyConfiguration(
                Optional.of(new OnDemandSettings(
                        URI.create("http://" + ask.authority() + "/allow_domain"), Optional.empty(), Optional.empty())),
                List.of(service("shop", List.of(), shop), service("api", List.of("/api"), api)));
    }

    private static ServiceSettings service(String name, List<String> pathPrefixes, SampleServer target) {
        return new ServiceSettings(
                name,
                List.of(),
                pathPrefixes,
                true,
                new CertificateSource.OnDemandNames(),
                Target.of(target.authority()),
                Optional.empty(),
                Optional.empty());
    }

    /** Makes the requests of the demonstration, and checks what comes of them. */
    void play() throws IOException {
        introduce();
        firstVisit();
        laterVisits();
        stranger();
    }

    private void introduce() {
        narrator.say("Gatehouse demo: certificates on demand, all on this machine.");
        narrator.step("authority", authority.directoryUri() + " (in this process)");
        narrator.step(
                "proxy", "https://" + address(proxy.httpsAddress()) + " and http://" + address(proxy.httpAddress()));
        narrator.step(
                "ask hook", "http://" + ask.authority() + "/allow_domain permits alpha, beta and gamma.tenants.test");
        narrator.say("");
    }

    private void firstVisit() throws IOException {
        narrator.say("1. A visitor comes to https://" + TENANT + "/, a name never seen before.");
        String page = fetch(TENANT, "/");
        DemoFailure.unless(page.contains("the shop service"), "the first visit was not answered by the shop");
        DemoFailure.unless(orders(TENANT) == 1, "the first visit made " + orders(TENANT) + " orders, not one");
        narrator.say("");
    }

    private void laterVisits() throws IOException {
        narrator.say("2. The next visitors get the certificate from memory.");
        String shop = fetch(TENANT, "/cart");
        String api = fetch(TENANT, "/api/status");
        DemoFailure.unless(shop.contains("the shop service"), "the second visit was not answered by the shop");
        DemoFailure.unless(api.contains("the api service"), "/api was not answered by the api service");
        DemoFailure.unless(orders(TENANT) == 1, "a later visit made another order");
        narrator.say("");
    }

    private void stranger() throws IOException {
        narrator.say("3. A stranger points " + STRANGER + " at this proxy.");
        try {
            visitor.get(STRANGER, "/");
        } catch (SSLException refused) {
            narrator.step("alert", String.valueOf(refused.getMessage()));
            DemoFailure.unless(orders(STRANGER) == 0, "a certificate was ordered for the stranger");
            narrator.step("orders", authority.orders().size() + " in all, none for the stranger");
            narrator.say("");
            return;
        }
        throw new DemoFailure("the stranger was served", null);
    }

    private String fetch(String name, String path) throws IOException {
        long started = System.nanoTime();
        String response = visitor.get(name, path);
        long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
        String statusLine = response.lines().findFirst().orElse("");
        DemoFailure.unless(statusLine.contains(" 200 "), "https://" + name + path + " answered " + statusLine);
        String page = response.substring(response.indexOf("\r\n\r\n") + 4).trim();
        narrator.step("served", "in " + millis + " ms: " + page);
        return page;
    }

    private long orders(String name) {
        return authority.orders().stream()
                .filter(order -> order.names().contains(name))
                .count();
    }

    /** Prints how to go on by hand. */
    void invite() throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), authority.ca().rootPem());
        int port = proxy.httpsAddress().getPort();
        narrator.say("Now you: another tenant, in another terminal.");
        narrator.say("   curl --cacert " + root + " --resolve beta.tenants.test:" + port
                + ":127.0.0.1 https://beta.tenants.test:" + port + "/");
        narrator.say("Ctrl-C ends the demo and removes its files.");
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Closes what was opened, last first. Does nothing the second time. */
    @Override
    public void close() {
        open.close();
    }
}
