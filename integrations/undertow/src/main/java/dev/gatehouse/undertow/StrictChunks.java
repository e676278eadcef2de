package dev.gatehouse.undertow;

import io.undertow.conduits.ChunkedStreamSourceConduit;
import io.undertow.conduits.ReadDataStreamSourceConduit;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Lets Undertow's reader of chunks, which mends much of what is not well formed, see only what is. A validator below it
 * looks at the bytes as they come from the connection. What it refuses is kept from the reader, which would close the
 * connection without an answer, and is told to the caller above.
 */
final class StrictChunks {

    private final HttpServerConnection connection;
    private final HttpServerExchange exchange;
    private final ChunkValidator validator = new ChunkValidator();
    private boolean begun;
    private @Nullable IOException refusal;

    private StrictChunks(HttpServerConnection connection, HttpServerExchange exchange) {
        this.connection = connection;
        this.exchange = exchange;
    }

    /** Has the content of a request read strictly, if it comes in chunks. Only before any of it has been read. */
    static void require(HttpServerExchange exchange) {
        if (exchange.getConnection() instanceof HttpServerConnection http1
                && exchange.isRequestChannelAvailable()
                && http1.getChannel().getSourceChannel().getConduit() instanceof ChunkedStreamSourceConduit) {
            new StrictChunks(http1, exchange).install(http1.getChannel().getSourceChannel());
        }
    }

    private void install(ConduitStreamSourceChannel source) {
        StreamSourceConduit received =
                new ReadDataStreamSourceConduit(connection.getOriginalSourceConduit(), connection);
        source.setConduit(
                new Refusing(new ChunkedStreamSourceConduit(new Validating(received), exchange, this::ended)));
    }

    private void ended(ChunkedStreamSourceConduit chunks) {
        if (!chunks.isFinished()) {
            exchange.setPersistent(false);
        }
        Connectors.terminateRequest(exchange);
    }

    /** {@return whether the bytes may be passed on} */
    private boolean accepts(ByteBuffer bytes) {
        try {
            validator.accept(bytes);
            return true;
        } catch (IOException malformed) {
            refusal = malformed;
            exchange.setPersistent(false);
            return false;
        }
    }

    /**
     * Below the reader of chunks. What the reader hands back and reads again has been looked at when it came, and what the
     * connection had received with the head is looked at before the first read; so only bytes of the socket are new.
     */
    private final class Validating extends AbstractStreamSourceConduit<StreamSourceConduit> {

        Validating(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            PooledByteBuffer extra = connection.getExtraBytes();
            boolean refused = refusal != null
                    || (!begun && extra != null && !accepts(extra.getBuffer().duplicate()));
            begun = true;
            if (refused) {
                return 0;
            }
            int start = into.position();
            int count = next.read(into);
            if (extra == null && count > 0 && !accepts(into.duplicate().flip().position(start))) {
                into.position(start);
                return 0;
            }
            return count;
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return readFirst(this, into, offset, length);
        }

        @Override
        public long transferTo(long position, long count, FileChannel target) throws IOException {
            return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
        }

        @Override
        public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
            return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
        }
    }

    /** Above the reader of chunks. */
    private final class Refusing extends AbstractStreamSourceConduit<StreamSourceConduit> {

        Refusing(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = refusal == null ? next.read(into) : 0;
            if (refusal != null) {
                throw new IOException(refusal.getMessage(), refusal);
            }
            return count;
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return readFirst(this, into, offset, length);
        }

        @Override
        public long transferTo(long position, long count, FileChannel target) throws IOException {
            return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
        }

        @Override
        public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
            return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
        }
    }

    private static long readFirst(StreamSourceConduit source, ByteBuffer[] into, int offset, int length)
            throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (into[i].hasRemaining()) {
                return source.read(into[i]);
            }
        }
        return 0;
    }
}
