package dev.gatehouse.testing.conformance;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A server, a client that has an account, and a web server that answers for every name. */
@Timeout(60)
abstract class AgainstServer {
    Issuance web;
    AcmeTestServer server;
    WireClient client;

    @BeforeEach
    void start() {
        web = new Issuance();
        server = settings(AcmeTestServer.builder().http01Port(web.port())).start();
        client = WireClient.registered(server);
    }

    /** Sets what the section needs beyond the defaults. */
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual;
    }

    @AfterEach
    void stop() {
        server.close();
        web.close();
    }
}
