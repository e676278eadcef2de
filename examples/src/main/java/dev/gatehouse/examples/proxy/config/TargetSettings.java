package dev.gatehouse.examples.proxy.config;

import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Target;
import dev.gatehouse.tls.Pem;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code targets} and {@code target_tls} of a service. */
final class TargetSettings {

    private TargetSettings() {}

    static Target read(String file, YamlSection service) {
        service.required("targets", "Add the address of the origin, such as 'targets: [127.0.0.1:3000]'.");
        List<String> targets = service.texts("targets");
        if (targets.size() != 1) {
            throw service.error("targets", "has " + targets.size() + " elements. Give exactly one target.");
        }
        Target target = service.convert("targets", targets.get(0), Target::of);
        Optional<Node> tls = service.value("target_tls");
        if (tls.isEmpty()) {
            return target;
        }
        if (target.tls() == null) {
            throw service.error(
                    "target_tls",
                    target + " is reached in clear text. Write https:// or h2:// in 'targets', or remove this.");
        }
        return target.withTls(tls(
                YamlSection.of(file, tls.get(), "target_tls", "ca", "server_name", "certificate", "key", "insecure")));
    }

    private static OriginTls tls(YamlSection section) {
        OriginTls.Builder tls = OriginTls.builder();
        boolean insecure = section.flag("insecure", false);
        if (insecure && section.has("ca")) {
            throw section.error("insecure", "stands beside 'ca', which would not be looked at. Remove one of them.");
        }
        if (insecure) {
            tls.insecureWithoutVerification();
        }
        if (section.has("ca")) {
            section.convert("ca", PemValue.read(section, "ca"), pem -> tls.trustedCertificates(Pem.certificates(pem)));
        }
        section.text("server_name").ifPresent(name -> section.convert("server_name", name, tls::serverName));
        addClientCertificate(section, tls);
        return tls.build();
    }

    private static void addClientCertificate(YamlSection section, OriginTls.Builder tls) {
        if (!section.has("certificate") && !section.has("key")) {
            return;
        }
        section.required("certificate", "Add the chain of the key: a path, PEM text, or env:NAME.");
        section.required("key", "Add the key of the certificate: a path, PEM text, or env:NAME.");
        tls.clientCertificate(
                section.convert("key", PemValue.read(section, "key"), Pem::privateKey),
                section.convert("certificate", PemValue.read(section, "certificate"), Pem::certificates));
    }
}
