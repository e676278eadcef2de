package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.internal.preflight.PreflightFinding.Check;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a name has an address, and whose. */
final class AddressCheck {

    private final AddressResolver resolver;
    private final CdnRanges networks;
    private final Set<InetAddress> ours;

    AddressCheck(AddressResolver resolver, CdnRanges networks, Set<InetAddress> ours) {
        this.resolver = resolver;
        this.networks = networks;
        this.ours = ours;
    }

    /** By DNS-01 a name needs no address. */
    Optional<PreflightFinding> check(PreflightQuestion question) throws IOException {
        ServerName name = question.name();
        boolean needsNoAddress = question.challengeTypes().contains("dns-01")
                || question.challengeTypes().contains("dns-account-01");
        if (name.isIpAddress() || question.wildcard() || needsNoAddress) {
            return Optional.empty();
        }
        List<InetAddress> addresses;
        try {
            addresses = resolver.resolve(name);
        } catch (UnknownHostException none) {
            return Optional.of(finding(
                    Check.RESOLVES,
                    name + " has no address (no A or AAAA record). Add one that points to " + here() + "."));
        }
        return addresses.stream().anyMatch(ours::contains) ? Optional.empty() : judge(question, addresses);
    }

    private Optional<PreflightFinding> judge(PreflightQuestion question, List<InetAddress> addresses) {
        Optional<String> network = addresses.stream()
                .flatMap(address -> networks.networkOf(address).stream())
                .findFirst();
        if (network.isPresent()) {
            return Optional.of(proxied(question, network.get()));
        }
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(finding(
                Check.POINTS_HERE,
                question.name() + " points to " + text(addresses.stream()) + ", not to this server (" + here()
                        + "). Change its A and AAAA records, or add the address to PreflightChecks.serverAddresses."));
    }

    /** A CDN ends TLS itself, so TLS-ALPN-01 fails for certain; some pass HTTP-01 on. */
    private PreflightFinding proxied(PreflightQuestion question, String network) {
        boolean certain = question.challengeTypes().equals(Set.of("tls-alpn-01"));
        Severity severity = certain || !ours.isEmpty() ? Severity.BLOCKING : Severity.WARNING;
        return new PreflightFinding(
                Check.PROXIED,
                severity,
                question.name() + ": the name is proxied by " + network
                        + "; HTTP-01 and TLS-ALPN-01 will not reach this server: set it to DNS only, or use DNS-01.");
    }

    private PreflightFinding finding(Check check, String sentence) {
        return new PreflightFinding(check, ours.isEmpty() ? Severity.WARNING : Severity.BLOCKING, sentence);
    }

    private String here() {
        return ours.isEmpty() ? "this server" : text(ours.stream());
    }

    private static String text(Stream<InetAddress> addresses) {
        return addresses.map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(", "));
    }
}
