package dev.gatehouse.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Messages that go to the connection itself, below the framing of the response. Hardly ever does the connection not take
 * one at once; if so, the response waits behind it.
 */
final class InformationalQueue {

    private final StreamSinkConduit connection;
    private final Queue<ByteBuffer> messages = new ArrayDeque<>();

    InformationalQueue(StreamSinkConduit connection) {
        this.connection = connection;
    }

    void send(ByteBuffer message) {
        messages.add(message);
        try {
            if (isSent()) {
                connection.flush();
            }
        } catch (IOException clientGone) {
            // The write of the response fails in the same way, and is the one to tell.
            messages.clear();
        }
    }

    /** {@return whether nothing is left to be sent, after an attempt to send it} */
    private boolean isSent() throws IOException {
        while (!messages.isEmpty()) {
            if (connection.write(messages.element()) == 0) {
                return false;
            }
            if (!messages.element().hasRemaining()) {
                messages.remove();
            }
        }
        return true;
    }

    /** {@return a conduit that lets the response pass once all messages have been sent} */
    StreamSinkConduit before(StreamSinkConduit response) {
        return new Gateway(response);
    }

    private final class Gateway extends AbstractStreamSinkConduit<StreamSinkConduit> {

        private boolean terminates;

        Gateway(StreamSinkConduit response) {
            super(response);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            return isSent() ? super.write(src) : 0;
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
            return isSent() ? super.write(srcs, offset, length) : 0;
        }

        @Override
        public int writeFinal(ByteBuffer src) throws IOException {
            return isSent() ? super.writeFinal(src) : 0;
        }

        @Override
        public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
            return isSent() ? super.writeFinal(srcs, offset, length) : 0;
        }

        @Override
        public long transferFrom(FileChannel src, long position, long count) throws IOException {
            return isSent() ? super.transferFrom(src, position, count) : 0;
        }

        @Override
        public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer) throws IOException {
            throughBuffer.limit(throughBuffer.position());
            return isSent() ? super.transferFrom(source, count, throughBuffer) : 0;
        }

        @Override
        public void terminateWrites() throws IOException {
            if (isSent()) {
                super.terminateWrites();
            } else {
                terminates = true;
            }
        }

        @Override
        public boolean flush() throws IOException {
            if (!isSent()) {
                return false;
            }
            if (terminates) {
                terminates = false;
                super.terminateWrites();
            }
            return super.flush();
        }
    }
}
