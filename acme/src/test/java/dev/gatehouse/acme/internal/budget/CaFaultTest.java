package dev.gatehouse.acme.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSONBuilder;

class CaFaultTest {

    @Test
    void aConnectionThatFailsIsAFaultOfTheAuthority() {
        assertThat(CaFault.of(new CompletionException(new AcmeNetworkException(new ConnectException("refused")))))
                .contains("it cannot be reached (java.net.ConnectException: refused)");
        assertThat(CaFault.of(new IllegalStateException(
                        "wrapped", new AcmeNetworkException(new IOException("request timed out")))))
                .isPresent();
    }

    @Test
    void aStatusOf5xxIs() {
        assertThat(CaFault.of(new AcmeException("HTTP 503"))).contains("it answers with HTTP 503");
        assertThat(CaFault.of(new AcmeException("HTTP 500: Internal"))).isPresent();
        assertThat(CaFault.of(new AcmeException("HTTP 404"))).isEmpty();
    }

    @Test
    void aProblemOfTheServerIsAndOneOfTheNameIsNot() throws Exception {
        assertThat(CaFault.of(problem("serverInternal"))).contains("it says serverInternal: because");
        assertThat(CaFault.of(problem("unauthorized"))).isEmpty();
        assertThat(CaFault.of(problem("rateLimited"))).isEmpty();
    }

    @Test
    void anErrorOfOurOwnIsNot() {
        assertThat(CaFault.of(new IllegalStateException("bug"))).isEmpty();
        assertThat(CaFault.of(new IOException("disk"))).isEmpty();
    }

    private static AcmeServerException problem(String type) throws Exception {
        URL base = URI.create("https://ca.test/").toURL();
        JSONBuilder json = new JSONBuilder()
                .put("type", "urn:ietf:params:acme:error:" + type)
                .put("detail", "because");
        return new AcmeServerException(new Problem(json.toJSON(), base));
    }
}
