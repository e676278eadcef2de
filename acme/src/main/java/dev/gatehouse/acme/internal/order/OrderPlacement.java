package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places an order, with the profile that is set, and as the replacement of an earlier certificate where that can be (RFC
 * 9773, section 5). An authority that refuses the replacement gets the same order without it.
 */
final class OrderPlacement {

    private static final Logger log = LoggerFactory.getLogger(AcmeOrders.class);

    /** What authorities say of a replacement that they do not take, whatever the specification says. */
    private static final Set<String> REPLACEMENT_REFUSALS =
            Set.of("alreadyReplaced", "conflict", "malformed", "unauthorized");

    /** Authorities date certificates back. */
    private static final Duration BACKDATING = Duration.ofHours(1);

    private final AcmeSettings settings;
    private final IssuanceRequest request;
    private final StoredAccount account;

    OrderPlacement(AcmeSettings settings, IssuanceRequest request, StoredAccount account) {
        this.settings = settings;
        this.request = request;
        this.account = account;
    }

    /** Blocks. */
    Order place(Login login) throws AcmeException {
        new KeyChoice(settings).requireTaken(request);
        requireProfile(login);
        Optional<String> replaced = replaced(login);
        if (replaced.isEmpty()) {
            return builder(login).create();
        }
        try {
            return builder(login).replaces(replaced.get()).create();
        } catch (AcmeServerException refused) {
            if (!REPLACEMENT_REFUSALS.contains(AcmeFailures.typeOf(refused.getProblem()))) {
                throw refused;
            }
            log.info(
                    "{}: ordered as a new certificate, not as a replacement, since {}.",
                    request.subject(),
                    AcmeFailures.describe(refused.getProblem()));
            return builder(login).create();
        }
    }

    private OrderBuilder builder(Login login) {
        OrderBuilder builder = login.newOrder();
        request.names().forEach(name -> builder.identifier(identifier(name)));
        settings.profile().ifPresent(builder::profile);
        return builder;
    }

    private static Identifier identifier(SubjectName name) {
        return name instanceof ServerName server && server.isIpAddress()
                ? Identifier.ip(name.value())
                : Identifier.dns(name.value());
    }

    private void requireProfile(Login login) throws AcmeException {
        if (settings.profile().isEmpty()) {
            return;
        }
        String wanted = settings.profile().get();
        Metadata metadata = login.getSession().getMetadata();
        Set<String> offered = metadata.isProfileAllowed() ? new TreeSet<>(metadata.getProfiles()) : Set.of();
        if (!offered.contains(wanted)) {
            throw new IssuanceException(
                    settings.title() + " offers no profile '" + wanted + "'. "
                            + (offered.isEmpty()
                                    ? "It offers none: leave profile() out."
                                    : "Choose one of " + String.join(", ", offered) + "."),
                    null);
        }
    }

    /** Only a certificate of the same authority and account, with a name in common, can be replaced. */
    private Optional<String> replaced(Login login) throws AcmeException {
        if (login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
            return Optional.empty();
        }
        return request.replaced()
                .filter(credential -> request.replacedIssuer()
                        .map(issuer -> issuer.equals(settings.directory().toString()))
                        .orElse(true))
                .filter(this::isOfThisAccount)
                .filter(credential -> request.names().stream()
                        .anyMatch(name -> credential.coverage().covers(name)))
                .flatMap(Credential::ariCertificateId);
    }

    /** What is older than the account was ordered by an earlier one. */
    private boolean isOfThisAccount(Credential credential) {
        return account.since()
                .map(since -> !credential.notBefore().plus(BACKDATING).isBefore(since))
                .orElse(true);
    }
}
