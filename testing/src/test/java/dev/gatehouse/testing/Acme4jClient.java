package dev.gatehouse.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Set;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/** The steps of an issuance with acme4j, an independent client. One instance serves one thread. */
final class Acme4jClient {
    private static final Set<Status> FINAL = Set.of(Status.VALID, Status.INVALID);

    private final Login login;
    private final Http01Responder responder;

    private Acme4jClient(Login login, Http01Responder responder) {
        this.login = login;
        this.responder = responder;
    }

    static Acme4jClient register(AcmeTestServer server, Http01Responder responder) throws AcmeException {
        return register(server, responder, KeyAlgorithm.EC_P256.generateKeyPair());
    }

    static Acme4jClient register(AcmeTestServer server, Http01Responder responder, KeyPair key) throws AcmeException {
        return new Acme4jClient(
                new AccountBuilder()
                        .agreeToTermsOfService()
                        .useKeyPair(key)
                        .createLogin(new Session(server.directoryUri())),
                responder);
    }

    Login login() {
        return login;
    }

    Account account() {
        return login.getAccount();
    }

    Order order(String... names) throws AcmeException {
        return login.newOrder().domains(names).create();
    }

    /** Answers every HTTP-01 challenge and waits until the order is ready or invalid. */
    Order prove(Order order) throws AcmeException {
        for (Authorization authorization : order.getAuthorizations()) {
            Http01Challenge challenge =
                    authorization.findChallenge(Http01Challenge.class).orElseThrow();
            responder.serve(challenge.getToken(), challenge.getAuthorization());
            challenge.trigger();
        }
        return awaitNotPending(order);
    }

    static Order awaitNotPending(Order order) {
        return awaitStatus(order, Set.of(Status.READY, Status.VALID, Status.INVALID));
    }

    Certificate issue(String... names) throws AcmeException, IOException {
        Order order = prove(order(names));
        order.execute(KeyAlgorithm.EC_P256.generateKeyPair());
        return awaitStatus(order, FINAL).getCertificate();
    }

    static Order awaitStatus(Order order, Set<Status> statuses) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    order.fetch();
                    return statuses.contains(order.getStatus());
                });
        return order;
    }
}
