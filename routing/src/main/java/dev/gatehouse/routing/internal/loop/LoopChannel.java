package dev.gatehouse.routing.internal.loop;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection that never blocks. All methods are for the thread of its loop. Once it is connected it waits for bytes to
 * read; whoever uses it says what else to wait for. Readiness is a level: as long as it is waited for and the channel is
 * ready, the listener is called in each turn of the loop.
 */
public interface LoopChannel {

    /**
     * Reads what has come.
     *
     * @param into where the bytes go
     * @return how many they were, 0 if there are none now, -1 at the end
     * @throws IOException if the connection has broken
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Sends as much as can be taken now.
     *
     * @param from the bytes
     * @return how many were taken
     * @throws IOException if the connection has broken
     */
    int write(ByteBuffer from) throws IOException;

    /**
     * Says whether to wait for bytes to read, or the end.
     *
     * @param wanted whether {@link ChannelListener#readable} is to be called
     */
    void wantRead(boolean wanted);

    /**
     * Says whether to wait until bytes can be sent.
     *
     * @param wanted whether {@link ChannelListener#writable} is to be called
     */
    void wantWrite(boolean wanted);

    /**
     * Tells the peer that nothing more is sent; reading goes on.
     *
     * @throws IOException if the connection has broken
     */
    void shutdownOutput() throws IOException;

    /** {@return whether {@link #close} has not been called, nor the loop closed} */
    boolean isOpen();

    /** Closes the channel; the listener is not called any more. */
    void close();
}
