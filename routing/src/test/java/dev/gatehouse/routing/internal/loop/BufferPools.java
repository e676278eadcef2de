package dev.gatehouse.routing.internal.loop;

/** Pools for tests of what uses them. */
public final class BufferPools {

    private BufferPools() {}

    public static BufferPool create() {
        return new BufferPool();
    }

    public static int borrowed(BufferPool pool) {
        return pool.borrowed();
    }
}
