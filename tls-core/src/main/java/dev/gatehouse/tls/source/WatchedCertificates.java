package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.source.SourceEvent.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link CertificateIndex} up to date with {@linkplain CertificateSource sources}: what changes there is served
 * within two seconds, without a restart and without disturbing a connection.
 *
 * <p>Changes are found by looking once per second, which works on local disks, on NFS and on the mounted secrets of
 * Kubernetes alike. What is looked at are times, sizes and identities of files; contents are read when these change. Of
 * directories so large that looking takes long, the operating system's hints are used in between.
 *
 * <p>A change that is not good is refused: the previous certificate is served on, and one line in the log says why, once
 * until the content changes again. Not good are a certificate without its key, a malformed file, names that the source
 * {@linkplain CertificateSource#covering should cover} and does not any more, and an expired certificate in the place of a
 * valid one.
 *
 * <p>One daemon thread named {@code gatehouse-certificates-watch} does it all, for as many sources as there are. Safe for
 * use by several threads.
 */
public final class WatchedCertificates implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    private final CertificateIndex index;
    private final List<SourceState> sources;
    private final Consumer<SourceEvent> listener;
    private final WatchThread thread;

    private WatchedCertificates(
            CertificateIndex index, List<SourceState> sources, Consumer<SourceEvent> listener, Duration interval) {
        this.index = index;
        this.sources = sources;
        this.listener = listener;
        this.thread = new WatchThread(interval, this::look, () -> sources.forEach(SourceState::close));
    }

    /**
     * Starts with the index that is kept up to date. It may have other credentials, too; they are left alone.
     *
     * @param index the index
     * @return a builder
     */
    public static Builder into(CertificateIndex index) {
        return new Builder(index);
    }

    /** {@return what is served of the sources now} */
    public List<Credential> credentials() {
        return sources.stream().flatMap(source -> source.credentials().stream()).toList();
    }

    /** {@return what is wrong now; empty if everything is in order} */
    public List<Refused> refusals() {
        return sources.stream().flatMap(source -> source.refusals().stream()).toList();
    }

    /**
     * Reads everything again at once, whether it seems to have changed or not, and waits until that is done: for a signal
     * or a command. Certificates that have not changed keep their {@link Credential}.
     *
     * @return what is wrong after that; empty if everything is in order
     * @throws IllegalStateException if called by a listener
     * @throws CancellationException if this is closed
     */
    public List<Refused> reload() {
        thread.runNow(this::lookAtEverything);
        return refusals();
    }

    /**
     * Stops watching. The index keeps what it has, so that handshakes go on. Waits for a look that is under way, five
     * seconds at most.
     */
    @Override
    public void close() {
        thread.close();
    }

    /** One look at each source, as the thread does it again and again. */
    void look() {
        sources.forEach(source -> lookAt(source, false));
    }

    void lookAtEverything() {
        for (SourceState source : sources) {
            source.distrust();
            lookAt(source, true);
        }
    }

    /** Whatever goes wrong with one source, the others are looked at, and the next look may succeed. */
    private void lookAt(SourceState source, boolean atOnce) {
        try {
            source.look(index, listener, atOnce);
        } catch (RuntimeException unexpected) {
            log.error("{}: a look failed, what it had is served on, and the next look follows.", source, unexpected);
        }
    }

    /** Collects the settings. Not safe for use by several threads. */
    public static final class Builder {

        private final CertificateIndex index;
        private final List<CertificateSource> sources = new ArrayList<>();
        private @Nullable InstantSource clock;
        private @Nullable Consumer<SourceEvent> listener;
        private @Nullable Duration interval;
        private boolean startsWithoutUnusable;

        private Builder(CertificateIndex index) {
            this.index = Objects.requireNonNull(index, "index");
        }

        /**
         * Adds a source.
         *
         * @param source the source
         * @return this builder
         */
        public Builder add(CertificateSource source) {
            sources.add(Objects.requireNonNull(source, "source"));
            return this;
        }

        /**
         * Hears what happens. Default: nobody does; everything is in the log as well.
         *
         * @param listener is called on the watching thread, see {@link SourceEvent}
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder listener(Consumer<SourceEvent> listener) {
            requireUnset(this.listener, "listener");
            this.listener = listener;
            return this;
        }

        /**
         * Sets how often is looked for changes. Default: every second.
         *
         * @param interval at least 10 milliseconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         * @throws IllegalStateException if it was set already
         */
        public Builder interval(Duration interval) {
            requireUnset(this.interval, "interval");
            if (interval.compareTo(MIN_INTERVAL) < 0) {
                throw new IllegalArgumentException("interval: " + interval + " (expected: at least 10 ms)");
            }
            this.interval = interval;
            return this;
        }

        /**
         * Tells the time, by which validity is judged and files are seen to be young. Default: the system's clock.
         *
         * @param clock the clock
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder clock(InstantSource clock) {
            requireUnset(this.clock, "clock");
            this.clock = clock;
            return this;
        }

        /**
         * Starts although a source cannot be used yet, for instance since its secret is not mounted: it is reported, and
         * served as soon as it is in order. Default: the start fails.
         *
         * @return this builder
         */
        public Builder startWithoutUnusable() {
            startsWithoutUnusable = true;
            return this;
        }

        /**
         * Loads all sources, then puts their credentials into the index, then watches. Blocks while files are read.
         *
         * @return the running watch; close it at the end
         * @throws CredentialException if a source cannot be used; the index is as it was before
         * @throws IllegalStateException if there is no source
         */
        public WatchedCertificates start() {
            WatchedCertificates watched = load();
            watched.thread.start();
            return watched;
        }

        /** Everything but the thread. */
        WatchedCertificates load() {
            if (sources.isEmpty()) {
                throw new IllegalStateException("There is no source to watch. Add one.");
            }
            InstantSource time = clock == null ? InstantSource.system() : clock;
            Consumer<SourceEvent> hearer = listener == null ? event -> {} : new GuardedListener(listener);
            List<SourceState> states = loadAll(time);
            states.forEach(state -> state.publish(index, hearer));
            return new WatchedCertificates(index, states, hearer, interval == null ? DEFAULT_INTERVAL : interval);
        }

        private List<SourceState> loadAll(InstantSource time) {
            List<SourceState> states = new ArrayList<>();
            try {
                for (CertificateSource source : sources) {
                    SourceState state = new SourceState(source, time);
                    states.add(state);
                    load(state);
                }
                return states;
            } catch (RuntimeException unusable) {
                states.forEach(SourceState::close);
                throw unusable;
            }
        }

        private void load(SourceState state) {
            try {
                state.load();
            } catch (CredentialException unusable) {
                if (!startsWithoutUnusable) {
                    throw unusable;
                }
                state.startWithout(unusable);
            }
        }

        private static void requireUnset(@Nullable Object value, String setting) {
            if (value != null) {
                throw new IllegalStateException(setting + " was already set");
            }
        }
    }
}
