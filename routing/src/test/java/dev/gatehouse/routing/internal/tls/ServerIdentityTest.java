package dev.gatehouse.routing.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.TestCa;
import java.security.cert.CertificateParsingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerIdentityTest {

    private static final TestCa CA = TestCa.create();

    @ParameterizedTest
    @CsvSource({
        "app.example.com, true",
        "other.example.com, false",
        "a.wild.example.com, true",
        "a.b.wild.example.com, false",
        "wild.example.com, false",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "[2001:db8::7], true",
        "[2001:db8::8], false",
        "localhost, false"
    })
    void namesAndAddressesAreCompared(String host, boolean covered) throws CertificateParsingException {
        ServerIdentity identity =
                ServerIdentity.of(CA.issue("app.example.com", "*.wild.example.com", "192.0.2.7", "2001:db8::7")
                        .leaf());

        assertThat(identity.covers(host)).isEqualTo(covered);
    }

    @Test
    void theNamesAreListed() throws CertificateParsingException {
        assertThat(ServerIdentity.of(CA.issue("app.example.com", "2001:db8::7").leaf())
                        .names())
                .containsExactlyInAnyOrder("app.example.com", "[2001:db8::7]");
    }
}
