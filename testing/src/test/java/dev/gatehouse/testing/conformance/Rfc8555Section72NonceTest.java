package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.2: Getting a Nonce")
class Rfc8555Section72NonceTest extends AgainstServer {

    @Test
    @DisplayName("The server's response MUST include a Replay-Nonce header field and SHOULD have status code 200 (OK)")
    void headIsAnsweredWith200() {
        Reply reply = client.request("HEAD", client.url("newNonce"), null, "").requireStatus(200);

        assertThat(reply.header("Replay-Nonce")).isNotEmpty();
    }

    @Test
    @DisplayName(
            "The server MUST also respond to GET requests for this resource, with an empty body and status code 204")
    void getIsAnsweredWith204() {
        Reply reply = client.get(client.url("newNonce")).requireStatus(204);

        assertThat(reply.header("Replay-Nonce")).isNotEmpty();
        assertThat(reply.body()).isEmpty();
    }

    @Test
    @DisplayName("The server MUST include a Cache-Control header field with the \"no-store\" directive")
    void noncesAreNotCached() {
        assertThat(client.get(client.url("newNonce")).header("Cache-Control")).isEqualTo("no-store");
        assertThat(client.request("HEAD", client.url("newNonce"), null, "").header("Cache-Control"))
                .isEqualTo("no-store");
    }
}
