package dev.gatehouse.routing.internal.loop;

/** The thread of a loop, which can be asked for its loop. */
final class LoopThread extends Thread {

    final SelectorLoop loop;

    LoopThread(SelectorLoop loop, String name) {
        super(null, loop::run, name);
        this.loop = loop;
        setDaemon(true);
    }
}
