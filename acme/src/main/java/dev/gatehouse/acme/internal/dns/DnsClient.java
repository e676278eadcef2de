package dev.gatehouse.acme.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/**
 * Asks one server one question: by UDP with EDNS, and by TCP what is truncated. It remembers nothing, and no thread waits
 * for the answer. Safe for use by several threads.
 */
final class DnsClient {

    private final Duration timeout;
    private final Executor worker;

    /**
     * Makes a client.
     *
     * @param timeout how long one answer may take
     * @param worker continues when an answer is there
     */
    DnsClient(Duration timeout, Executor worker) {
        this.timeout = timeout;
        this.worker = worker;
    }

    CompletionStage<Message> askRecursively(InetSocketAddress resolver, Name name, int type) {
        return ask(resolver, name, type, true);
    }

    CompletionStage<Message> askDirectly(InetSocketAddress server, Name name, int type) {
        return ask(server, name, type, false);
    }

    private CompletionStage<Message> ask(InetSocketAddress server, Name name, int type, boolean recursive) {
        try {
            Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            if (!recursive) {
                query.getHeader().unsetFlag(Flags.RD);
            }
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setTimeout(timeout);
            return resolver.sendAsync(query, worker);
        } catch (RuntimeException notSent) {
            // An IPv6 address where the JVM has IPv4 only, for one.
            return CompletableFuture.failedStage(notSent);
        }
    }

    static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
