package dev.gatehouse.tls.source;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose failures do not stop the watch. */
record GuardedListener(Consumer<SourceEvent> listener) implements Consumer<SourceEvent> {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    @Override
    public void accept(SourceEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException failure) {
            log.warn(
                    "{}: a listener failed, and the certificates are watched on: {}. Correct the listener.",
                    event.place(),
                    failure.toString());
        }
    }
}
