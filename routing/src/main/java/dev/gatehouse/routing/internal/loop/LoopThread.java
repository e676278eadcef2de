package dev.gatehouse.routing.internal.loop;

/** The thread of a loop, which can be asked for its loop. */
final class LoopThread extends Thread {

    final EventLoop loop;

    LoopThread(EventLoop loop, String name) {
        super(null, loop::run, name);
        this.loop = loop;
        setDaemon(true);
    }
}
