package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginStream;
import dev.gatehouse.routing.transport.OriginTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with an origin over a transport, as a stream that shares its connection with others: it decides about
 * retries, while {@link StreamUpload} and {@link StreamRelay} move the bytes.
 */
final class StreamCall extends TargetCall {

    private static final Logger LOG = LoggerFactory.getLogger(StreamCall.class);

    /** A target that is being replaced may refuse on the old connection and on the first new one. */
    private static final int MAX_RETRIES = 2;

    private final OriginTransport transport;
    private final RequestContent content;
    private @Nullable Attempt attempt;
    private int retries;

    StreamCall(OriginLoop origins, RoutedExchange exchange, Target target, OriginTransport transport) {
        super(origins, exchange, target);
        this.transport = transport;
        content = new RequestContent(this, this::clientSent);
    }

    @Override
    void start() {
        if (exchange().method().equals("CONNECT")) {
            fail(
                    501,
                    "a request for another protocol cannot be passed to " + target() + ", which is reached in HTTP/2",
                    "Reach an application with WebSockets in HTTP/1.1: write host:port");
            return;
        }
        waitFor(Wait.CONNECTION);
        origins().addresses().resolve(target(), found -> {
            if (loop().isInside()) {
                resolved(found);
            } else {
                later(() -> resolved(found));
            }
        });
    }

    private void resolved(List<SocketAddress> found) {
        if (found.isEmpty()) {
            fail(502, target() + " has no address", "Correct the target, or the name service");
            return;
        }
        Attempt next = new Attempt();
        attempt = next;
        try {
            next.begin(found.stream().map(InetSocketAddress.class::cast).toList());
        } catch (IOException failed) {
            clientFailed(failed);
        }
    }

    private void clientSent() {
        if (attempt != null) {
            attempt.upload.clientSent();
        }
    }

    @Override
    void originContinues() {
        if (attempt != null) {
            attempt.upload.continueNow();
        }
    }

    void responseBegins() {
        content.forget();
        responseHasBegun();
        if (attempt != null && attempt.upload.isWaitingForContinue()) {
            attempt.upload.stop();
        }
    }

    void responseEnded() {
        finish();
    }

    void failed(OriginFailure failure) {
        boolean again = retries < MAX_RETRIES && !isResponseBegun() && content.canRewind() && mayBeRepeated(failure);
        if (again) {
            LOG.debug("{}: {} {}; sending the request again", service().name(), target(), failure.problem());
            retries++;
            release();
            content.rewind();
            start();
        } else {
            fail(status(failure.kind()), target() + " " + failure.problem(), failure.remedy());
        }
    }

    private boolean mayBeRepeated(OriginFailure failure) {
        return switch (failure.kind()) {
            case NOT_PROCESSED -> true;
            case BROKEN_OFF -> retries == 0 && Idempotence.of(exchange().method());
            default -> false;
        };
    }

    private static int status(OriginFailure.Kind kind) {
        return switch (kind) {
            case BUSY -> 503;
            case HEAD_TOO_LARGE -> 431;
            default -> 502;
        };
    }

    @Override
    void waitedTooLong(Wait waited) {
        OriginStream stream = attempt == null ? null : attempt.stream;
        if (waited == Wait.CONNECTION && stream != null && stream.isQueued()) {
            fail(
                    503,
                    target() + " had no room for another exchange in time",
                    "Add targets, or raise the number of streams that it allows");
            return;
        }
        if (waited.isForOrigin() && waited.status() == 504 && stream != null) {
            stream.checkConnection();
        }
        super.waitedTooLong(waited);
    }

    @Override
    void release() {
        Attempt last = attempt;
        attempt = null;
        if (last != null) {
            last.end();
        }
    }

    /** One stream, of which there may be several until one is accepted. Told about it on threads of the transport. */
    private final class Attempt implements OriginStream.Listener {

        private final StreamUpload upload = new StreamUpload(StreamCall.this, content);
        private @Nullable OriginStream stream;
        private @Nullable StreamRelay relay;

        void begin(List<InetSocketAddress> addresses) throws IOException {
            OriginStream opened = transport.open(target(), addresses, upload.head(), this);
            stream = opened;
            relay = new StreamRelay(StreamCall.this, opened);
        }

        /** Runs a step on the thread of the call, where {@link #begin} has returned, unless this attempt is over. */
        private void then(Runnable step) {
            later(() -> {
                if (attempt == this) {
                    step.run();
                }
            });
        }

        @Override
        public void opened() {
            then(() -> {
                requestWaitsFor(Wait.REQUEST_SENT);
                upload.opened(stream());
            });
        }

        @Override
        public void informational(int status, HttpFields fields) {
            then(() -> relay().informational(status, fields));
        }

        @Override
        public void responded(int status, HttpFields fields) {
            then(() -> relay().responded(status, fields));
        }

        @Override
        public void readable() {
            then(() -> relay().pump());
        }

        @Override
        public void written() {
            laterEvenIfOver(upload::written);
        }

        @Override
        public void requestUnwanted() {
            then(upload::stop);
        }

        @Override
        public void failed(OriginFailure failure) {
            then(() -> StreamCall.this.failed(failure));
        }

        private OriginStream stream() {
            return Objects.requireNonNull(stream, "stream");
        }

        private StreamRelay relay() {
            return Objects.requireNonNull(relay, "relay");
        }

        void end() {
            upload.stop();
            StreamRelay relaying = relay;
            OriginStream open = stream;
            if (relaying == null || open == null) {
                return;
            }
            relaying.stop();
            if (!relaying.isAtEnd()) {
                open.cancel();
            } else if (!upload.isComplete()) {
                open.endEarly();
            }
        }
    }
}
