package dev.gatehouse.acme.internal.dns;

import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Type;

/** Asks recursive resolvers in their order, each at most twice, until one gives an answer that is no failure. */
final class RecursiveLookup {

    private static final int ROUNDS = 2;

    private final DnsClient client;
    private final List<InetSocketAddress> configured;

    /**
     * Makes a look-up.
     *
     * @param configured whom to ask; empty for the resolvers of the operating system
     */
    RecursiveLookup(DnsClient client, List<InetSocketAddress> configured) {
        this.client = client;
        this.configured = configured;
    }

    /** Completes with an answer that is NOERROR or NXDOMAIN, else with a {@link LookupException}. */
    CompletionStage<Message> ask(Name name, int type) {
        List<InetSocketAddress> resolvers =
                configured.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : configured;
        if (resolvers.isEmpty()) {
            return CompletableFuture.failedStage(new LookupException(
                    "The operating system is configured for no DNS resolver. Name some by DnsLookup.byResolvers(…)."));
        }
        return ask(name, type, resolvers, 0, "");
    }

    private CompletionStage<Message> ask(
            Name name, int type, List<InetSocketAddress> resolvers, int attempt, String failures) {
        if (attempt == ROUNDS * resolvers.size()) {
            return CompletableFuture.failedStage(new LookupException(
                    "No resolver could say the " + Type.string(type) + " records of " + name.toString(true) + " ("
                            + failures + "). Check the resolvers and the network, or name others by DnsLookup."));
        }
        InetSocketAddress resolver = resolvers.get(attempt % resolvers.size());
        return client.askRecursively(resolver, name, type)
                .handle((answer, failure) -> {
                    String problem = problemOf(answer, failure);
                    if (problem.isEmpty()) {
                        return CompletableFuture.completedStage(answer);
                    }
                    String said = HostPort.show(resolver) + " " + problem;
                    String all =
                            failures.contains(said) ? failures : failures.isEmpty() ? said : failures + ", " + said;
                    return ask(name, type, resolvers, attempt + 1, all);
                })
                .thenCompose(next -> next);
    }

    private static String problemOf(Message answer, Throwable failure) {
        if (failure != null) {
            return describe(failure);
        }
        int code = answer.getRcode();
        return code == Rcode.NOERROR || code == Rcode.NXDOMAIN ? "" : "answers " + Rcode.string(code);
    }

    static String describe(Throwable failure) {
        Throwable cause = DnsClient.rootOf(failure);
        return isTimeout(cause)
                ? "does not answer"
                : "cannot be asked: " + Texts.oneLine(String.valueOf(cause.getMessage()), 100);
    }

    static boolean isTimeout(Throwable cause) {
        return cause instanceof TimeoutException
                || cause instanceof SocketTimeoutException
                || String.valueOf(cause.getMessage()).contains("timed out");
    }
}
