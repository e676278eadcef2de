package dev.gatehouse.routing.internal.loop;

/** What is attached to a selection key. Called on the thread of the loop; must not block. */
@FunctionalInterface
public interface ChannelListener {

    /**
     * Reacts to what a channel has become ready for.
     *
     * @param readyOperations the operations, as in {@link java.nio.channels.SelectionKey#readyOps}
     */
    void ready(int readyOperations);
}
