package dev.gatehouse.routing.internal.loop;

import java.io.IOException;

/** What is told about a {@link LoopChannel}. Called on the thread of the loop; must not block. */
public interface ChannelListener {

    /** The channel is connected; it waits for bytes to read from now on. */
    void connected();

    /**
     * The channel could not be connected; it is of no further use.
     *
     * @param cause why
     */
    void connectFailed(IOException cause);

    /** There are bytes to read, or the end. */
    void readable();

    /** Bytes can be sent. */
    void writable();

    /**
     * One of the other methods has failed.
     *
     * @param mistake how
     */
    void failedUnexpectedly(Throwable mistake);
}
