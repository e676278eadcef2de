package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.table.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves the names of targets on threads of its own, one lookup at a time for a name, and remembers the answers for a
 * short while. When a lookup fails, the last addresses that were known go on being used. Safe for use by several threads.
 */
final class TargetAddresses implements AutoCloseable {

    /** What asks the name service; blocks. */
    @FunctionalInterface
    interface NameService {
        InetAddress[] lookUp(String name) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(TargetAddresses.class);
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long FAILURE_REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int THREADS = 2;
    private static final int MAX_WAITING_LOOKUPS = 1000;
    private static final int MAX_NAMES = 10_000;

    private final NameService names;
    private final LongSupplier ticker;
    private final ThreadPoolExecutor threads;
    private final Map<String, Entry> entries = new HashMap<>();

    /** What is known about a name; guarded by the map. */
    private static final class Entry {
        List<InetAddress> addresses = List.of();
        long expires;
        boolean lookingUp;
        final List<Consumer<List<InetAddress>>> waiting = new ArrayList<>();
    }

    TargetAddresses(NameService names, LongSupplier ticker) {
        this.names = names;
        this.ticker = ticker;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING_LOOKUPS), task -> {
                    Thread thread = new Thread(task, "gatehouse-resolver-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Finds the addresses of a target.
     *
     * @param target the target
     * @param found receives them, none if there are none: at once on the calling thread if they are known, else on a
     *     thread of the resolver
     */
    void resolve(Target target, Consumer<List<SocketAddress>> found) {
        Path socketPath = target.socketPath();
        if (socketPath != null) {
            found.accept(List.of(UnixDomainSocketAddress.of(socketPath)));
            return;
        }
        Consumer<List<InetAddress>> withPort = addresses -> found.accept(addresses.stream()
                .<SocketAddress>map(address -> new InetSocketAddress(address, target.port()))
                .toList());
        if (isLiteral(target.host())) {
            withPort.accept(literal(target.host()));
            return;
        }
        List<InetAddress> known = knownOrAsk(target.host(), withPort);
        if (known != null) {
            withPort.accept(known);
        }
    }

    private @Nullable List<InetAddress> knownOrAsk(String name, Consumer<List<InetAddress>> found) {
        synchronized (entries) {
            if (entries.size() >= MAX_NAMES) {
                entries.values().removeIf(entry -> !entry.lookingUp);
            }
            Entry entry = entries.get(name);
            if (entry != null && !entry.lookingUp && entry.expires - ticker.getAsLong() > 0) {
                return entry.addresses;
            }
            if (entry == null) {
                entry = new Entry();
                entries.put(name, entry);
            }
            entry.waiting.add(found);
            if (entry.lookingUp) {
                return null;
            }
            entry.lookingUp = true;
        }
        try {
            threads.execute(() -> lookUp(name));
        } catch (RejectedExecutionException tooMany) {
            answer(name, null, "too many lookups are waiting");
        }
        return null;
    }

    private void lookUp(String name) {
        try {
            answer(name, List.of(names.lookUp(name)), "");
        } catch (UnknownHostException unknown) {
            answer(name, null, "the name service does not know it");
        } catch (RuntimeException broken) {
            answer(name, null, broken.toString());
        }
    }

    private void answer(String name, @Nullable List<InetAddress> addresses, String problem) {
        List<InetAddress> answer;
        List<Consumer<List<InetAddress>>> waiting;
        synchronized (entries) {
            Entry entry = entries.computeIfAbsent(name, unknown -> new Entry());
            entry.addresses = addresses != null ? addresses : entry.addresses;
            entry.expires = ticker.getAsLong() + (addresses != null ? REMEMBERED_NANOS : FAILURE_REMEMBERED_NANOS);
            entry.lookingUp = false;
            answer = entry.addresses;
            waiting = List.copyOf(entry.waiting);
            entry.waiting.clear();
        }
        if (addresses == null) {
            LOG.warn(
                    "{}: the name of a target was not resolved ({}); {}",
                    name,
                    problem,
                    answer.isEmpty()
                            ? "correct the target or the name service"
                            : "the last known addresses " + answer + " are used");
        }
        waiting.forEach(found -> found.accept(answer));
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || HostName.isIpv4(host);
    }

    private static List<InetAddress> literal(String host) {
        try {
            return List.of(InetAddress.getByName(host));
        } catch (UnknownHostException notAnAddress) {
            return List.of();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
