package dev.gatehouse.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.compatibility.RawTlsClient.Verifies;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A name's credential is replaced over and over while clients shake hands. The client checks that the key that signs is the
 * one of the certificate shown.
 */
@Timeout(120)
class CredentialSwapTest {

    private static final String NAME = "app.example.com";
    private static final int CERTIFICATES = 24;
    private static final int SWAPS = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final List<Material> MATERIAL = material();

    private final ExecutorService swapper = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        swapper.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(TlsStack.class)
    void noHandshakeFailsAndNoKeyIsPairedWithAnotherChain(TlsStack stack) throws Exception {
        CertificateIndex index = CertificateIndex.create();
        Credential first = MATERIAL.get(0).newGeneration();
        index.add(first);
        Set<X509Certificate> leaves =
                MATERIAL.stream().map(made -> made.issued().leaf()).collect(Collectors.toUnmodifiableSet());
        try (TlsServer server = stack.start(index)) {
            Future<?> swaps = swapper.submit(() -> swap(index, first));
            int handshakes = 0;
            while (!swaps.isDone()) {
                for (String version : TlsStack.VERSIONS) {
                    Handshake handshake = new RawTlsClient(server.port(), version)
                            .handshake(NAME.getBytes(StandardCharsets.US_ASCII), Verifies.BOTH);
                    assertThat(handshake.shown()).as(handshake.toString()).isIn(leaves);
                    handshakes++;
                }
            }
            swaps.get();
            assertThat(handshakes).isGreaterThan(10);
        }
    }

    private static List<Material> material() {
        TestCa ca = TestCa.create();
        return Stream.generate(() -> Material.issuedBy(ca)).limit(CERTIFICATES).toList();
    }

    /** Each replacement is a new generation, with an alias of its own, though some have the same key. */
    private static void swap(CertificateIndex index, Credential first) {
        Credential present = first;
        for (int i = 0; i < SWAPS; i++) {
            Credential next = MATERIAL.get(i % CERTIFICATES).newGeneration();
            index.replace(present, next);
            present = next;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private record Material(Credential issued, byte[] privateKey, List<byte[]> chain) {

        static Material issuedBy(TestCa ca) {
            Credential issued = ca.issue(NAME);
            return new Material(
                    issued,
                    issued.privateKey().getEncoded(),
                    issued.chain().stream().map(Material::encoded).toList());
        }

        private static byte[] encoded(X509Certificate certificate) {
            try {
                return certificate.getEncoded();
            } catch (CertificateEncodingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        Credential newGeneration() {
            return Credential.ofDer(privateKey, chain);
        }
    }
}
