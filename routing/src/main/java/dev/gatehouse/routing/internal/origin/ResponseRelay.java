package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.http1.MalformedResponseException;
import dev.gatehouse.routing.internal.http1.ResponseDecoder;
import dev.gatehouse.routing.internal.http1.TruncatedResponseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes one response on from a connection to the client, as fast as the client takes it. It holds one buffer, and none
 * while the origin is silent. Belongs to the thread of its call.
 */
final class ResponseRelay {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int MAX_READS = 16;

    private final OriginCall call;
    private final HttpExchange exchange;
    private final Http1Connection connection;
    private final ResponseDecoder decoder;
    private final Runnable clientTookIt;

    private @Nullable ByteBuffer input;

    /** Content that is kept back until it is known whether it is the last. */
    private @Nullable ByteBuffer held;

    private boolean headWaits;
    private boolean clientHolds;
    private boolean over;

    ResponseRelay(OriginCall call, Http1Connection connection) {
        this.call = call;
        this.connection = connection;
        exchange = call.exchange();
        decoder = connection.decoder();
        decoder.begin(exchange.method().equals("HEAD"));
        Upgrade upgrade = call.upgrade();
        if (upgrade != null) {
            decoder.acceptUpgrade(upgrade.protocol());
        }
        clientTookIt = () -> call.laterEvenIfOver(this::resume);
    }

    /** The connection has bytes, or has ended. */
    void readable() {
        if (clientHolds) {
            connection.wantRead(false);
        } else {
            pump();
        }
    }

    private void resume() {
        clientHolds = false;
        if (over) {
            releaseInput();
        } else {
            connection.wantRead(true);
            call.waitFor(Wait.RESPONSE_CONTENT);
            pump();
        }
    }

    private void pump() {
        try {
            for (int reads = 0; !over && !clientHolds; ) {
                switch (decoder.decode(input == null ? EMPTY : input)) {
                    case INFORMATIONAL -> informational();
                    case UPGRADED -> upgraded();
                    case HEAD -> head();
                    case CONTENT -> content();
                    case END -> end();
                    case NEED_INPUT -> {
                        if (!flush() || reads++ == MAX_READS || !fill()) {
                            return;
                        }
                    }
                }
            }
        } catch (MalformedResponseException malformed) {
            call.originMalformed(malformed);
        } catch (TruncatedResponseException truncated) {
            call.originTruncated(truncated);
        } catch (ClientFailedException failed) {
            call.clientFailed(failed.cause);
        }
    }

    private void informational() {
        if (decoder.status() == 100) {
            call.originContinues();
        } else {
            exchange.sendInformational(decoder.status(), ClientFields.of(decoder.status(), decoder.fields()));
        }
    }

    private void upgraded() {
        ByteBuffer behindHead = input;
        input = null;
        over = true;
        call.originSwitches(
                Objects.requireNonNull(call.upgrade()),
                ClientFields.of(decoder.status(), decoder.fields()),
                behindHead);
    }

    private void head() {
        Upgrade upgrade = call.upgrade();
        if (upgrade != null && upgrade.meansSwitched(decoder.status())) {
            call.originDidNotSwitch(decoder.status());
            return;
        }
        headWaits = true;
        call.responseBegins(decoder.status());
        exchange.startResponse(decoder.status(), ClientFields.of(decoder.status(), decoder.fields()));
    }

    private void content() throws ClientFailedException {
        ByteBuffer next = decoder.content();
        ByteBuffer before = held;
        held = next;
        if (before != null) {
            write(before, false);
        }
    }

    /** Passes on what there is before waiting for more; false if the client does not take it. */
    private boolean flush() throws ClientFailedException {
        ByteBuffer content = held;
        if (content == null && !headWaits) {
            return true;
        }
        held = null;
        write(content == null ? EMPTY : content, false);
        return !clientHolds;
    }

    private void end() throws ClientFailedException {
        HttpFields trailers = decoder.trailers();
        if (trailers.size() > 0) {
            exchange.setResponseTrailers(trailers);
        }
        ByteBuffer content = held == null ? EMPTY : held;
        held = null;
        boolean leftOver = input != null && input.hasRemaining();
        over = true;
        write(content, true);
        if (!clientHolds) {
            releaseInput();
        }
        call.responseEnded(leftOver);
    }

    private void write(ByteBuffer content, boolean last) throws ClientFailedException {
        headWaits = false;
        try {
            clientHolds = !exchange.write(content, last, clientTookIt);
        } catch (IOException failed) {
            throw new ClientFailedException(failed);
        }
        if (clientHolds) {
            call.waitFor(Wait.CLIENT_READING);
        } else {
            call.responseProgressed();
        }
    }

    /** Reads from the connection; false if there is nothing now. */
    private boolean fill() throws MalformedResponseException, TruncatedResponseException, ClientFailedException {
        ByteBuffer in = input;
        if (in == null) {
            in = call.loop().buffers().acquire();
            input = in;
        }
        in.clear();
        int count = read(in);
        in.flip();
        if (count > 0) {
            TlsRecord.refuse(in, decoder);
            call.responseProgressed();
            return true;
        }
        releaseInput();
        if (count < 0 && decoder.endOfInput() == ResponseDecoder.Event.END) {
            end();
        }
        return false;
    }

    private int read(ByteBuffer in) throws TruncatedResponseException {
        try {
            return connection.read(in);
        } catch (IOException broken) {
            throw new TruncatedResponseException(BrokenConnection.text(broken, decoder.hasBegun()));
        }
    }

    private void releaseInput() {
        ByteBuffer in = input;
        input = null;
        if (in != null) {
            call.loop().buffers().release(in);
        }
    }

    /** Nothing more is passed on. A buffer that the client's side still holds is left to it. */
    void stop() {
        over = true;
        held = null;
        if (!clientHolds) {
            releaseInput();
        }
    }

    /** The client's side failed, which needs another reaction than a failure of the origin. */
    private static final class ClientFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient IOException cause;

        ClientFailedException(IOException cause) {
            super(null, cause, false, false);
            this.cause = cause;
        }
    }
}
