package dev.gatehouse.examples.proxy.config;

import dev.gatehouse.examples.proxy.config.ProxyConfiguration.BufferingSettings;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.CertificateSource;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.OnDemandSettings;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.ServiceSettings;
import dev.gatehouse.tls.Coverage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the YAML file of the proxy. Nothing is applied from a file that is wrong. */
public final class ConfigurationFile {

    private static final int MAX_CODE_POINTS = 4 << 20;

    private final String file;

    private ConfigurationFile(Path file) {
        this.file = file.toString();
    }

    /**
     * Reads and checks a file.
     *
     * @param file the file
     * @return what it says
     * @throws ConfigurationException if it cannot be read or is wrong
     */
    public static ProxyConfiguration read(Path file) {
        try {
            return new ConfigurationFile(file).parse(Files.readString(file));
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    file + ": cannot be read (" + unreadable + "). Check the path and its permissions.", unreadable);
        }
    }

    private ProxyConfiguration parse(String text) {
        Node root = compose(text);
        YamlSection top = YamlSection.of(file, root, "the file", "on_demand_tls", "services");
        Optional<OnDemandSettings> onDemand = top.value("on_demand_tls").map(this::onDemand);
        List<ServiceSettings> services = new ArrayList<>();
        Node list = top.required("services", "Add at least one service below 'services:'.");
        YamlSection.of(file, list, "services").entries().forEach((name, node) -> services.add(service(name, node)));
        return new ProxyConfiguration(onDemand, List.copyOf(services));
    }

    private Node compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setLabel(file)
                .setCodePointLimit(MAX_CODE_POINTS)
                .build();
        try {
            return new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new ConfigurationException(
                            file + ": is empty. Add at least one service below 'services:'.", null));
        } catch (YamlEngineException malformed) {
            String problem = String.valueOf(malformed.getMessage()).replaceAll("\\s*\\n\\s*", " ");
            throw new ConfigurationException(file + ": is not YAML. " + problem, malformed);
        }
    }

    private OnDemandSettings onDemand(Node node) {
        YamlSection section = YamlSection.of(file, node, "on_demand_tls", "ask", "interval", "burst");
        section.required("ask", "Without an ask endpoint no name is permitted. Add 'ask: http://localhost:3000/path'.");
        URI ask = section.convert("ask", section.text("ask").orElseThrow(), URI::create);
        return new OnDemandSettings(
                ask, section.duration("interval"), section.number("burst", 1).map(Long::intValue));
    }

    private ServiceSettings service(String name, Node node) {
        YamlSection section = YamlSection.of(
                file,
                node,
                "service '" + name + "'",
                "host",
                "hosts",
                "path_prefix",
                "path_prefixes",
                "strip_path_prefix",
                "ssl",
                "targets",
                "target_tls",
                "response_timeout",
                "buffering");
        List<String> hosts = oneOrMany(section, "host", "hosts");
        hosts.forEach(host ->
                section.convert(section.has("host") ? "host" : "hosts", host, text -> Coverage.of(List.of(text))));
        return new ServiceSettings(
                name,
                hosts,
                oneOrMany(section, "path_prefix", "path_prefixes"),
                section.flag("strip_path_prefix", true),
                certificate(name, section, hosts),
                TargetSettings.read(file, section),
                section.duration("response_timeout"),
                section.value("buffering").flatMap(this::buffering));
    }

    private static List<String> oneOrMany(YamlSection section, String one, String many) {
        if (section.has(one) && section.has(many)) {
            throw section.error(many, "stands beside '" + one + "'. Keep one of them.");
        }
        return section.texts(section.has(one) ? one : many);
    }

    private CertificateSource certificate(String name, YamlSection section, List<String> hosts) {
        Optional<Node> ssl = section.value("ssl");
        if (ssl.isEmpty()) {
            return new CertificateSource.None();
        }
        if (!(ssl.get() instanceof ScalarNode)) {
            return given(ssl.get());
        }
        String word = section.text("ssl").orElseThrow();
        return switch (word) {
            case "false" -> new CertificateSource.None();
            case "on_demand" -> new CertificateSource.OnDemandNames();
            case "true" -> automatic(name, section, hosts);
            default ->
                throw section.error(
                        "ssl", "'" + word + "' is none of true, false, on_demand, or a section with certificate_pem.");
        };
    }

    private static CertificateSource automatic(String name, YamlSection section, List<String> hosts) {
        if (hosts.isEmpty()) {
            throw section.error(
                    "ssl", "service '" + name + "' has no hosts to issue for. Add 'hosts', or write 'ssl: on_demand'.");
        }
        if (hosts.stream().anyMatch(host -> host.startsWith("*"))) {
            throw section.error(
                    "ssl",
                    "a wildcard host cannot be validated over HTTP. Name the hosts, write 'ssl: on_demand',"
                            + " or give a certificate with certificate_pem.");
        }
        return new CertificateSource.Automatic();
    }

    private CertificateSource given(Node node) {
        YamlSection section = YamlSection.of(file, node, "ssl", "certificate_pem", "private_key_pem");
        section.required("certificate_pem", "Add the chain: a path, PEM text, or env:NAME.");
        section.required("private_key_pem", "Add the key: a path, PEM text, or env:NAME.");
        String chain = section.text("certificate_pem").orElseThrow();
        return new CertificateSource.Given(
                PemValue.read(section, "certificate_pem"),
                PemValue.read(section, "private_key_pem"),
                chain.contains("-----BEGIN") ? "PEM text" : chain);
    }

    private Optional<BufferingSettings> buffering(Node node) {
        YamlSection section = YamlSection.of(
                file, node, "buffering", "requests", "responses", "max_request_body", "max_response_body", "memory");
        boolean requests = section.flag("requests", true);
        boolean responses = section.flag("responses", false);
        long maxRequestBody = limit(section, "max_request_body", requests, "requests");
        long maxResponseBody = limit(section, "max_response_body", responses, "responses");
        if (!requests && !responses) {
            if (section.value("memory").isPresent()) {
                throw section.error(
                        "memory",
                        "nothing is buffered that could need it. Set requests or responses to true, or remove it.");
            }
            return Optional.empty();
        }
        return Optional.of(new BufferingSettings(
                requests, responses, maxRequestBody, maxResponseBody, section.number("memory", 0)));
    }

    private static long limit(YamlSection section, String key, boolean isBuffered, String what) {
        long limit = section.number(key, 0).orElse(0L);
        if (limit > 0 && !isBuffered) {
            throw section.error(key, "this limit needs buffering. Set " + what + ": true, or remove it.");
        }
        return limit;
    }
}
