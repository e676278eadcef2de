package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that a client keeps and uses again. */
@Timeout(60)
class GateResumptionTest {

    private static final TestCa CA = TestCa.create();

    @TempDir
    private Path folder;

    private GateServer server;

    @BeforeEach
    void start() {
        CertificateIndex index = CertificateIndex.create();
        index.add(CA.issue("a.example"));
        index.add(CA.issue("b.example"));
        server = GateServer.start(ServerTls.using(index));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void sessionIsResumedUnderItsNameOnly(String version) throws Exception {
        String session = folder.resolve("session.pem").toString();

        assertThat(OpenSsl.request(server.port(), "a.example", version, "-sess_out", session))
                .contains("\nNew, TLSv1", "HTTP/1.1 200 OK");
        assertThat(OpenSsl.request(server.port(), "a.example", version, "-sess_in", session))
                .contains("\nReused, TLSv1", "HTTP/1.1 200 OK");
        assertThat(OpenSsl.request(server.port(), "b.example", version, "-sess_in", session))
                .contains("\nNew, TLSv1", "HTTP/1.1 200 OK");
    }
}
