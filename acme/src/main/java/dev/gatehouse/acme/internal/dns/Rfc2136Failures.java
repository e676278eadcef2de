package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import dev.gatehouse.acme.dns.TsigKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIGRecord;

/** Says what the response codes of an update mean, and what to do (RFC 2136, section 2.2, and RFC 8945, section 5). */
final class Rfc2136Failures {

    private static final int SERVER_TIME_LENGTH = 6;

    private Rfc2136Failures() {}

    static String subject(Rfc2136Settings settings) {
        return "The RFC 2136 server " + HostPort.show(settings.server());
    }

    static DnsProviderException refused(Rfc2136Settings settings, int code, String name, String zone) {
        String said = subject(settings) + " answers " + Rcode.string(code) + " to an update of " + name
                + " in the zone " + zone + ". ";
        String key = settings.key() == null ? "updates without a key" : "the TSIG key " + settings.key();
        return switch (code) {
            case Rcode.REFUSED ->
                DnsProviderException.of(
                        Reason.CREDENTIALS,
                        said + "Its policy does not permit " + key + ": allow it for TXT records there (allow-update or"
                                + " update-policy in BIND, an acl with action update in Knot).");
            case Rcode.NOTAUTH ->
                DnsProviderException.of(
                        Reason.ZONE,
                        said
                                + "It is not authoritative for this zone: set the zone's primary server, or the right zone.");
            case Rcode.NOTZONE ->
                DnsProviderException.of(
                        Reason.ZONE, said + "The name is in another zone: set the right one by zone(…).");
            case Rcode.NOTIMP ->
                DnsProviderException.of(
                        Reason.REFUSED,
                        said + "It takes no dynamic updates: set the zone's primary server, or use another"
                                + " DNS provider.");
            case Rcode.SERVFAIL ->
                DnsProviderException.unavailable(
                        said + "Look into its log; often it may not write the zone's file or journal.", null);
            default -> DnsProviderException.of(Reason.REFUSED, said + "Look into its log.");
        };
    }

    static DnsProviderException badSignature(Rfc2136Settings settings, TSIGRecord signature) {
        int error = signature.getError();
        String said = subject(settings) + " does not take the signature (" + Rcode.TSIGstring(error) + "): ";
        TsigKey key = settings.key();
        return switch (error) {
            case Rcode.BADKEY ->
                DnsProviderException.of(
                        Reason.CREDENTIALS,
                        said + "it knows no key " + key
                                + ". The name and the algorithm must be the same on both sides.");
            case Rcode.BADSIG ->
                DnsProviderException.of(
                        Reason.CREDENTIALS,
                        said + "it has another secret for the key " + key + ". Copy the secret from its key file.");
            case Rcode.BADTIME ->
                DnsProviderException.of(
                        Reason.REFUSED, said + clocks(settings, signature) + ". Synchronise both clocks by NTP.");
            default -> DnsProviderException.of(Reason.CREDENTIALS, said + "look into its log.");
        };
    }

    /** The server's time comes with the answer. */
    private static String clocks(Rfc2136Settings settings, TSIGRecord signature) {
        Instant here = settings.clock().instant();
        Optional<Instant> there = serverTime(signature.getOther());
        return there.map(time -> "its clock shows " + time + ", this one " + here + ", "
                        + Duration.between(here, time).abs().toSeconds() + " s apart")
                .orElse("its clock and this one, which shows " + here + ", are too far apart");
    }

    private static Optional<Instant> serverTime(byte[] other) {
        if (other == null || other.length != SERVER_TIME_LENGTH) {
            return Optional.empty();
        }
        long seconds = 0;
        for (byte part : other) {
            seconds = seconds << 8 | part & 0xff;
        }
        return Optional.of(Instant.ofEpochSecond(seconds));
    }

    static DnsProviderException notSigned(Rfc2136Settings settings, TsigKey key, int code) {
        String said =
                subject(settings) + " answers " + Rcode.string(code) + " without a valid signature by the key " + key;
        if (code == Rcode.NOERROR) {
            return DnsProviderException.unavailable(
                    said + ", so it may not be from it. Check that no other server or proxy answers in its place.",
                    null);
        }
        return DnsProviderException.of(
                Reason.CREDENTIALS,
                said + ". Check that it knows this key, and that no other server answers in its place.");
    }

    static DnsProviderException noZone(Rfc2136Settings settings, String name) {
        return DnsProviderException.of(
                Reason.ZONE,
                subject(settings) + " is authoritative for no zone that " + name
                        + " is in. Set the zone's primary server, or the zone by zone(…).");
    }
}
