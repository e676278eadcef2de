package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A watch without its thread: the test makes it look, and moves its clock. */
final class WatchHarness implements AutoCloseable {

    final CertificateIndex index = CertificateIndex.create();
    final TestClock clock = TestClock.inAnHour();
    final List<SourceEvent> events = new ArrayList<>();
    final LogCapture log;
    private final List<CertificateSource> sources;
    private final WatchedCertificates watched;

    WatchHarness(Path about, CertificateSource... sources) {
        this.log = new LogCapture(about);
        this.sources = List.of(sources);
        this.watched = builder().load();
        events.clear();
    }

    private WatchHarness(LogCapture log, List<CertificateSource> sources) {
        this.log = log;
        this.sources = sources;
        this.watched = builder().startWithoutUnusable().load();
    }

    static WatchHarness withoutUnusable(Path about, CertificateSource... sources) {
        return new WatchHarness(new LogCapture(about), List.of(sources));
    }

    private WatchedCertificates.Builder builder() {
        WatchedCertificates.Builder builder =
                WatchedCertificates.into(index).clock(clock).listener(events::add);
        sources.forEach(builder::add);
        return builder;
    }

    /** One second later. */
    void look() {
        clock.advance(Duration.ofSeconds(1));
        watched.look();
    }

    /** Long enough that what stays is told. */
    void settle() {
        look();
        look();
        look();
    }

    void reload() {
        watched.lookAtEverything();
    }

    List<Credential> covering(String name) {
        return index.covering(ServerName.of(name));
    }

    List<Credential> credentials() {
        return watched.credentials();
    }

    List<SourceEvent.Refused> refusals() {
        return watched.refusals();
    }

    @Override
    public void close() {
        log.close();
        watched.close();
    }
}
