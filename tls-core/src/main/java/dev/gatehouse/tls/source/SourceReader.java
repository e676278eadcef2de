package dev.gatehouse.tls.source;

/** Looks at one source again and again. Confined to one thread. */
interface SourceReader extends AutoCloseable {

    /** Looks whether there is something new, at a price that can be paid every second. The first look always shows all. */
    Look look();

    /** Makes the next look read everything again and show it. */
    void distrust();

    @Override
    default void close() {}
}
