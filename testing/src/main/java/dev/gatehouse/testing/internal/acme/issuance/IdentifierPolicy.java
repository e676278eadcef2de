package dev.gatehouse.testing.internal.acme.issuance;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.WildcardName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which identifiers may be ordered. It is as strict as a public CA: names have to come in their normal form
 * apart from upper case, because a CA does not repair what it signs.
 */
public final class IdentifierPolicy {
    private static final int MAX_IDENTIFIERS = 100;
    private static final Pattern DNS_CHARACTERS = Pattern.compile("(\\*\\.)?[a-z0-9.-]+");

    private final Collection<AcmeChallenge> offered;

    /**
     * Makes a policy.
     *
     * @param offered the challenge types of this server; an identifier that none of them can prove is refused
     */
    public IdentifierPolicy(Collection<AcmeChallenge> offered) {
        this.offered = List.copyOf(offered);
    }

    /**
     * Reads the identifiers of a new order.
     *
     * @param requested the elements of its member {@code identifiers}
     * @return the identifiers, normalised, each once
     * @throws ProblemException {@code malformed} for none or too many; otherwise with a subproblem for each identifier
     *     that is refused
     */
    public List<Identifier> accept(List<JsonObject> requested) throws ProblemException {
        if (requested.isEmpty() || requested.size() > MAX_IDENTIFIERS) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The order has " + requested.size() + " identifiers. Ask for 1 to " + MAX_IDENTIFIERS + ".")
                    .exception();
        }
        Map<Identifier, Boolean> accepted = new LinkedHashMap<>();
        List<Problem> refusals = new ArrayList<>();
        for (JsonObject json : requested) {
            try {
                accepted.put(accept(json), true);
            } catch (ProblemException refused) {
                refusals.add(refused.problem());
            }
        }
        if (!refusals.isEmpty()) {
            throw summary(refusals).exception();
        }
        return List.copyOf(accepted.keySet());
    }

    private Identifier accept(JsonObject json) throws ProblemException {
        String type = json.requireString("type");
        String value = json.requireString("value");
        return switch (type) {
            case "dns" -> dnsName(value);
            case "ip" -> address(value);
            default ->
                throw Problem.of(
                                ProblemType.UNSUPPORTED_IDENTIFIER,
                                "Identifier type " + Text.quote(type) + " is not supported. Use dns or ip.")
                        .exception();
        };
    }

    private Identifier dnsName(String value) throws ProblemException {
        String name = value.toLowerCase(Locale.ROOT);
        if (!DNS_CHARACTERS.matcher(name).matches() || name.endsWith(".")) {
            throw rejected(
                    Identifier.dns(Text.oneLine(name)),
                    Text.quote(value)
                            + " is not a host name. Use letters, digits, hyphens and dots, A-labels for other scripts,"
                            + " and no dot at the end.");
        }
        Identifier identifier = Identifier.dns(name);
        try {
            requireHostName(identifier);
        } catch (InvalidNameException e) {
            throw rejected(identifier, Text.reason(e) + " Order a host name that clients can ask for.");
        }
        requireProvable(identifier);
        return identifier;
    }

    private static void requireHostName(Identifier identifier) throws ProblemException {
        if (identifier.isWildcard()) {
            WildcardName.of(identifier.value());
        } else if (ServerName.of(identifier.value()).isIpAddress()) {
            throw rejected(identifier, Text.quote(identifier.value()) + " is an IP address. Order it with type ip.");
        }
    }

    /** Unlike names, addresses are taken in every spelling: clients in use do not all write IPv6 as RFC 5952 does. */
    private Identifier address(String value) throws ProblemException {
        try {
            ServerName name = ServerName.of(value);
            if (name.isIpAddress() && !value.startsWith("[")) {
                Identifier identifier = new Identifier(Identifier.Type.IP, name.value());
                requireProvable(identifier);
                return identifier;
            }
        } catch (InvalidNameException notAnAddress) {
            // Refused below, like a name.
        }
        throw rejected(
                new Identifier(Identifier.Type.IP, Text.oneLine(value)),
                Text.quote(value) + " is not an IP address. Write it without brackets, port or prefix length.");
    }

    private void requireProvable(Identifier identifier) throws ProblemException {
        if (offered.stream().noneMatch(identifier::isProvableBy)) {
            throw rejected(
                    identifier,
                    "None of the challenges that this server offers, "
                            + offered.stream().map(AcmeChallenge::token).toList()
                            + ", can prove control over " + identifier
                            + ". A wildcard name needs dns-01: give the server a txtResolver. An address needs http-01 or"
                            + " tls-alpn-01.");
        }
    }

    private static ProblemException rejected(Identifier identifier, String detail) {
        return Problem.of(ProblemType.REJECTED_IDENTIFIER, detail)
                .about(identifier)
                .exception();
    }

    private static Problem summary(List<Problem> refusals) {
        if (refusals.size() == 1) {
            return refusals.get(0);
        }
        String details = refusals.stream().map(Problem::detail).collect(Collectors.joining(" "));
        return Problem.summary(refusals.size() + " identifiers were refused: " + details, refusals);
    }
}
