package dev.gatehouse.acme;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells events to listeners, and lets no listener disturb the work or the other listeners. */
final class SafeListeners implements Consumer<CertificateEvent> {

    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    private final List<Consumer<? super CertificateEvent>> listeners;

    SafeListeners(List<Consumer<? super CertificateEvent>> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void accept(CertificateEvent event) {
        for (Consumer<? super CertificateEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException failure) {
                log.error("{}: a listener failed on {}", event.name(), event, failure);
            }
        }
    }
}
