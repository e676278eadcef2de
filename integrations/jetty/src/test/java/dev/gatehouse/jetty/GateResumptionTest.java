package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions are resumed under the name that they were made for, and under no other. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GateResumptionTest {

    private static final TestCa CA = TestCa.create();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void sessionIsResumedUnderItsNameOnly(String version) throws Exception {
        CertificateIndex index = CertificateIndex.create();
        index.add(CA.issue("a.example"));
        index.add(CA.issue("b.example"));
        try (GateServer server = GateServer.start(ServerTls.using(index))) {
            OpenSslClient client = new OpenSslClient(server.port());
            String session = folder.resolve("session").toString();
            String first = client.visit("a.example", version, "-sess_out", session);
            String same = client.visit("a.example", version, "-sess_in", session, "-sess_out", session);
            String other = client.visit("b.example", version, "-sess_in", session);

            assertThat(first).contains("New, TLS", "HTTP/1.1 200");
            assertThat(same).contains("Reused, TLS", "HTTP/1.1 200", "name=a.example");
            assertThat(other).contains("New, TLS", "HTTP/1.1 200", "name=b.example");
        }
    }
}
