package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.dns.DnsFaultEffect;
import dev.gatehouse.testing.internal.dns.DnsQuestion;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * Something that a {@link TestDnsServer} does wrong because a test asks for it. Without further words it meets the next
 * query, whatever that is for:
 *
 * <pre>{@code
 * dns.server(1).inject(DnsFault.serverFailure());
 * dns.server(2).inject(DnsFault.drop().onName("_acme-challenge.app.example.com").onType("TXT").always());
 * }</pre>
 *
 * <p>A query meets the first fault that was injected for queries like it. Immutable and safe for use by several threads;
 * each method returns a new fault, which can be injected several times.
 */
public final class DnsFault {
    private final DnsFaultEffect effect;
    private final Predicate<DnsQuestion> queries;
    private final int times;

    private DnsFault(DnsFaultEffect effect, Predicate<DnsQuestion> queries, int times) {
        this.effect = effect;
        this.queries = queries;
        this.times = times;
    }

    /** {@return the response code {@code SERVFAIL}} */
    public static DnsFault serverFailure() {
        return responseCode("SERVFAIL");
    }

    /**
     * Answers with a response code and nothing else.
     *
     * @param mnemonic such as {@code SERVFAIL}, {@code REFUSED}, {@code NXDOMAIN}, {@code NOTIMP}
     * @return the fault
     */
    public static DnsFault responseCode(String mnemonic) {
        int code = Rcode.value(Objects.requireNonNull(mnemonic, "mnemonic"));
        if (code < 0 || code > 15) {
            throw new IllegalArgumentException(
                    "mnemonic: '" + mnemonic + "' (expected: a response code of DNS, such as SERVFAIL)");
        }
        return once(new DnsFaultEffect.ResponseCode(code));
    }

    /** {@return a query that gets no answer} */
    public static DnsFault drop() {
        return once(new DnsFaultEffect.Drop());
    }

    /** {@return an answer by UDP that is cut off, so that the client has to ask by TCP; by TCP the answer is whole} */
    public static DnsFault truncate() {
        return once(new DnsFaultEffect.Truncate());
    }

    /**
     * Answers late by the wall clock. Better than this, where a test can use it, is {@link #heldUntil}.
     *
     * @param delay more than zero
     * @return the fault
     */
    public static DnsFault delayedBy(Duration delay) {
        long millis = Settings.positive("delay", delay).toMillis();
        return once(new DnsFaultEffect.Wait(
                () -> new CompletableFuture<>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)));
    }

    /**
     * Answers when the test says so, with the records of the time when the query came.
     *
     * @param released ends the wait when it is done, with a value or without
     * @return the fault
     */
    public static DnsFault heldUntil(CompletionStage<?> released) {
        Objects.requireNonNull(released, "released");
        return once(new DnsFaultEffect.Wait(() -> released));
    }

    /**
     * Means the fault for queries about one name.
     *
     * @param name the name
     * @return a fault that meets no others
     */
    public DnsFault onName(String name) {
        Name wanted = DnsRecord.name(name);
        return new DnsFault(effect, queries.and(question -> question.name().equals(wanted)), times);
    }

    /**
     * Means the fault for queries about one type.
     *
     * @param type such as {@code TXT}
     * @return a fault that meets no others
     */
    public DnsFault onType(String type) {
        int wanted = DnsRecord.type(type);
        return new DnsFault(effect, queries.and(question -> question.type() == wanted), times);
    }

    /**
     * Means the fault for queries that come in one way.
     *
     * @param transport the way
     * @return a fault that meets no others
     */
    public DnsFault onTransport(DnsTransport transport) {
        Objects.requireNonNull(transport, "transport");
        return new DnsFault(effect, queries.and(question -> question.transport() == transport), times);
    }

    /**
     * Repeats the fault.
     *
     * @param count how many queries it meets, 1 or more
     * @return a fault that happens so often
     */
    public DnsFault times(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
        }
        return new DnsFault(effect, queries, count);
    }

    /**
     * Repeats the fault until {@link TestDnsServer#clearFaults()}.
     *
     * @return a fault that happens to every query that it is meant for
     */
    public DnsFault always() {
        return times(Integer.MAX_VALUE);
    }

    DnsFaultEffect effect() {
        return effect;
    }

    Predicate<DnsQuestion> queries() {
        return queries;
    }

    int times() {
        return times;
    }

    private static DnsFault once(DnsFaultEffect effect) {
        return new DnsFault(effect, question -> true, 1);
    }
}
