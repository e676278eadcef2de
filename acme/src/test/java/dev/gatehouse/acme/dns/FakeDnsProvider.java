package dev.gatehouse.acme.dns;

import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Writes into a {@link TestDns}, or nowhere, and fails as a test wants. */
final class FakeDnsProvider implements DnsProvider {

    private final TestDns dns;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Trouble> presentTroubles = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Trouble> removeTroubles = new LinkedBlockingQueue<>();

    /** Something that goes wrong in one call. */
    @FunctionalInterface
    interface Trouble {
        void happen() throws DnsProviderException;
    }

    FakeDnsProvider(TestDns dns) {
        this.dns = dns;
    }

    FakeDnsProvider nextPresent(Trouble trouble) {
        presentTroubles.add(trouble);
        return this;
    }

    FakeDnsProvider nextRemove(Trouble trouble) {
        removeTroubles.add(trouble);
        return this;
    }

    FakeDnsProvider nextRemove(DnsProviderException failure) {
        return nextRemove(() -> {
            throw failure;
        });
    }

    FakeDnsProvider nextPresent(DnsProviderException failure) {
        return nextPresent(() -> {
            throw failure;
        });
    }

    @Override
    public void present(ChallengeRecord record) throws DnsProviderException {
        calls.add("present " + record.name());
        happen(presentTroubles);
        dns.add(DnsRecord.txt(record.name(), record.value()));
    }

    @Override
    public void remove(ChallengeRecord record) throws DnsProviderException {
        calls.add("remove " + record.name());
        happen(removeTroubles);
        dns.remove(DnsRecord.txt(record.name(), record.value()));
    }

    private static void happen(LinkedBlockingQueue<Trouble> troubles) throws DnsProviderException {
        Trouble trouble = troubles.poll();
        if (trouble != null) {
            trouble.happen();
        }
    }

    List<String> calls() {
        return calls;
    }

    @Override
    public String toString() {
        return "fake";
    }
}
