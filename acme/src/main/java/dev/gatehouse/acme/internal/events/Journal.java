package dev.gatehouse.acme.internal.events;

import dev.gatehouse.acme.CertificateEvent;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Everything that happens is told here, once: it becomes a line in the log and goes to the listeners. Never blocks. */
public final class Journal implements Consumer<CertificateEvent>, AutoCloseable {

    private final EventLog lines;
    private final Listeners listeners = new Listeners();

    public Journal(InstantSource clock) {
        this.lines = new EventLog(clock);
    }

    @Override
    public void accept(CertificateEvent event) {
        lines.write(event);
        listeners.tell(event);
    }

    public Listeners listeners() {
        return listeners;
    }

    /** Tells the listeners what has happened so far, and then nothing more. Waits a moment for slow ones. */
    @Override
    public void close() {
        listeners.close();
    }
}
