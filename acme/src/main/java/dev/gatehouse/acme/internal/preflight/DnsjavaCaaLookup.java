package dev.gatehouse.acme.internal.preflight;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks the resolvers of the system. */
final class DnsjavaCaaLookup implements CaaLookup {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Resolver resolver;

    DnsjavaCaaLookup() {
        this(new ExtendedResolver());
    }

    DnsjavaCaaLookup(Resolver resolver) {
        this.resolver = resolver;
        resolver.setTimeout(TIMEOUT);
    }

    @Override
    public List<CaaRecord> lookup(String domain) throws IOException {
        Lookup lookup = lookupOf(domain);
        lookup.setResolver(resolver);
        lookup.setCache(null);
        Record[] records = lookup.run();
        return switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL ->
                Arrays.stream(records)
                        .filter(CAARecord.class::isInstance)
                        .map(CAARecord.class::cast)
                        .map(record -> new CaaRecord(
                                (record.getFlags() & CAARecord.Flags.IssuerCritical) != 0,
                                record.getTag(),
                                record.getValue()))
                        .toList();
            case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
            default ->
                throw new IOException(
                        "the CAA records of " + domain + " cannot be looked up: " + lookup.getErrorString());
        };
    }

    private static Lookup lookupOf(String domain) throws IOException {
        try {
            return new Lookup(Name.fromString(domain + "."), Type.CAA);
        } catch (TextParseException malformed) {
            throw new IOException(domain + " cannot be looked up: " + malformed.getMessage(), malformed);
        }
    }
}
