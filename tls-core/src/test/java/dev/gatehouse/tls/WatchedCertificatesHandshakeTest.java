package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.gatehouse.tls.source.CertificateSource;
import dev.gatehouse.tls.source.WatchedCertificates;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Certificates are exchanged on the disk, in the ways in which programs do it, and clients get the new one in time. */
@Timeout(60)
class WatchedCertificatesHandshakeTest {

    private static final String NAME = "app.example.com";
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private final HeldCertificate first = Certificates.builder(NAME).build();
    private final HeldCertificate second = Certificates.builder(NAME).build();
    private final CertificateIndex index = CertificateIndex.create();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final Logger logger = (Logger) LoggerFactory.getLogger(WatchedCertificates.class);
    private final FolderLog log = new FolderLog();

    @BeforeEach
    void captureLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void tearDown() {
        logger.detachAppender(log);
        clients.shutdownNow();
    }

    @Test
    void certbotExchangesLinksToItsArchive() throws Exception {
        Path live = Files.createDirectories(folder.resolve("live/app.example.com"));
        certbotRenews(live, 1, first);
        assertThatClientsGetTheSecond(CertificateSource.directory(folder.resolve("live")), () -> {
            certbotRenews(live, 2, second);
        });

        assertThat(log.lines)
                .anySatisfy(
                        line -> assertThat(line).startsWith("INFO ").contains("certificate replaced, app.example.com"));
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void kubernetesSwapsTheLinkOfAMountedSecret() throws Exception {
        Path mount = Files.createDirectories(folder.resolve("tls"));
        kubernetesUpdates(mount, "..2026_05_01", first);
        Files.createSymbolicLink(mount.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Files.createSymbolicLink(mount.resolve("tls.key"), Path.of("..data/tls.key"));
        assertThatClientsGetTheSecond(
                CertificateSource.directory(mount), () -> kubernetesUpdates(mount, "..2026_07_01", second));

        assertThat(log.lines).hasSize(2);
        assertThat(log.lines.get(1)).contains("tls.crt: certificate replaced, app.example.com (EC, until ");
    }

    @Test
    void filesAreRewrittenInPlaceAtTheSameTimeAndSize() throws Exception {
        Path both = folder.resolve("both.pem");
        Files.writeString(both, bundle(first));
        assertThatClientsGetTheSecond(CertificateSource.pemFile(both), () -> {
            try (RandomAccessFile file = new RandomAccessFile(both.toFile(), "rw")) {
                byte[] content = bundle(second).getBytes(StandardCharsets.ISO_8859_1);
                file.write(content);
                file.setLength(content.length);
            }
        });

        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aHalfWrittenPairIsTakenOnceItIsWhole() throws Exception {
        Path certificate = folder.resolve("app.crt");
        Path key = folder.resolve("app.key");
        Files.writeString(certificate, chain(first));
        Files.writeString(key, key(first));
        try (WatchedCertificates watched = start(CertificateSource.pemFiles(certificate, key));
                HandshakeServer server =
                        new HandshakeServer(ServerTls.using(index).sslContext())) {
            Files.writeString(certificate, chain(second));

            await().atMost(IN_TIME.plusSeconds(1)).until(() -> !log.warnings().isEmpty());
            assertThat(served(server)).isEqualTo(first.certificate());
            assertThat(watched.refusals()).hasSize(1);
            Files.writeString(key, key(second));
            await().atMost(IN_TIME).until(() -> served(server).equals(second.certificate()));
            assertThat(watched.refusals()).isEmpty();
        }

        assertThat(log.warnings())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("WARN " + certificate + " with " + key
                                + ": not taken; the previous certificate, app.example.com (EC, until ")
                        .endsWith("), is served on. The private key does not belong to certificate 'CN="
                                + second.certificate()
                                        .getSubjectX500Principal()
                                        .getName()
                                        .substring(3)
                                + "' nor to the others of its chain."
                                + " Give the key that the certificate was requested with."));
    }

    /** While clients connect all the time, and one that connected before stays. */
    private void assertThatClientsGetTheSecond(CertificateSource source, Renewal renewal) throws Exception {
        try (WatchedCertificates watched = start(source);
                HandshakeServer server =
                        new HandshakeServer(ServerTls.using(index).sslContext())) {
            Credential before = watched.credentials().get(0);
            AtomicBoolean done = new AtomicBoolean();
            Future<Integer> others = clients.submit(() -> handshakesUntil(done, server));
            assertThat(served(server)).isEqualTo(first.certificate());

            renewal.write();

            await().atMost(IN_TIME)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> served(server).equals(second.certificate()));
            done.set(true);
            assertThat(others.get()).as("handshakes that went well meanwhile").isPositive();
            assertThat(watched.credentials()).doesNotContain(before).hasSize(1);
            assertThat(index.covering(ServerName.of(NAME))).isEqualTo(watched.credentials());
        }
    }

    private WatchedCertificates start(CertificateSource source) {
        return WatchedCertificates.into(index).add(source).start();
    }

    /** Throws at the first that is refused. */
    private static int handshakesUntil(AtomicBoolean done, HandshakeServer server) throws IOException {
        int count = 0;
        while (!done.get()) {
            served(server);
            count++;
        }
        return count;
    }

    private static X509Certificate served(HandshakeServer server) throws IOException {
        return new HandshakeClient(server.port()).handshake(NAME, "TLSv1.3");
    }

    private interface Renewal {
        void write() throws IOException;
    }

    /** Writes to the archive, then exchanges one link after the other by deleting and making it. */
    private void certbotRenews(Path live, int version, HeldCertificate pair) throws IOException {
        Path archive = Files.createDirectories(folder.resolve("archive"));
        String[] names = {"cert", "privkey", "chain", "fullchain"};
        String[] texts = {
            Pem.encode(List.of(pair.certificate())),
            key(pair),
            Pem.encode(List.of(Certificates.INTERMEDIATE.certificate())),
            chain(pair)
        };
        for (int i = 0; i < names.length; i++) {
            Files.writeString(archive.resolve(names[i] + version + ".pem"), texts[i]);
        }
        for (String name : names) {
            Path link = live.resolve(name + ".pem");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, archive.resolve(name + version + ".pem"));
        }
    }

    private static void kubernetesUpdates(Path mount, String version, HeldCertificate pair) throws IOException {
        Path data = Files.createDirectories(mount.resolve(version));
        Files.writeString(data.resolve("tls.crt"), chain(pair));
        Files.writeString(data.resolve("tls.key"), key(pair));
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String bundle(HeldCertificate pair) {
        return chain(pair) + key(pair);
    }

    private static String chain(HeldCertificate pair) {
        return Pem.encode(List.of(pair.certificate(), Certificates.INTERMEDIATE.certificate()));
    }

    private static String key(HeldCertificate pair) {
        return Pem.encode(pair.keyPair().getPrivate());
    }

    /** The lines about this test's folder. */
    private final class FolderLog extends AppenderBase<ILoggingEvent> {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getLevel() + " " + event.getFormattedMessage();
            if (line.contains(folder.toString())) {
                lines.add(line);
            }
        }

        List<String> warnings() {
            return lines.stream()
                    .filter(line -> line.startsWith(Level.WARN.toString()))
                    .toList();
        }
    }
}
