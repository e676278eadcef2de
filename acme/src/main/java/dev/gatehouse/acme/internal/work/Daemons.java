package dev.gatehouse.acme.internal.work;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes threads that do not keep the JVM alive. Where a virtual thread may block without holding a platform thread, whatever
 * it calls, they are virtual: from JDK 24 on (JEP 491). Earlier ones are pinned by {@code synchronized}, and a hook of the
 * application that waits there would stop the virtual threads of the whole JVM.
 */
public final class Daemons {

    private static final int FIRST_WITHOUT_PINNING = 24;

    private static final @Nullable VirtualThreads VIRTUAL = VirtualThreads.find();

    private Daemons() {}

    /** Virtual threads where the JVM has them, else platform threads. */
    public static ThreadFactory named(String prefix) {
        return VIRTUAL == null ? platform(prefix) : VIRTUAL.named(prefix);
    }

    /** Platform threads, for what runs for as long as its owner. */
    public static ThreadFactory platform(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * {@code Thread.ofVirtual().name(prefix, 1).factory()}, which is younger than our bytecode.
     *
     * @param ofVirtual makes a builder
     * @param name names what it builds
     * @param factory makes a factory of a builder
     */
    private record VirtualThreads(Method ofVirtual, Method name, Method factory) {

        static @Nullable VirtualThreads find() {
            if (Runtime.version().feature() < FIRST_WITHOUT_PINNING) {
                return null;
            }
            try {
                Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
                return new VirtualThreads(
                        Thread.class.getMethod("ofVirtual"),
                        builder.getMethod("name", String.class, long.class),
                        builder.getMethod("factory"));
            } catch (ReflectiveOperationException absent) {
                return null;
            }
        }

        ThreadFactory named(String prefix) {
            try {
                Object builder = name.invoke(ofVirtual.invoke(null), prefix, 1L);
                return (ThreadFactory) factory.invoke(builder);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("This JVM has virtual threads, but does not make any", impossible);
            }
        }
    }

    /** {@return whether threads of {@link #named} are virtual} */
    public static boolean areVirtual() {
        return VIRTUAL != null;
    }
}
