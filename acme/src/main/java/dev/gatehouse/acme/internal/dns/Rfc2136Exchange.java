package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.TextParseException;

/** Sends a message, signed if there is a key, and takes an answer that is signed as well. By UDP, then by TCP. */
final class Rfc2136Exchange {

    private final Rfc2136Settings settings;

    Rfc2136Exchange(Rfc2136Settings settings) {
        this.settings = settings;
    }

    Message send(Message message) throws DnsProviderException {
        InetSocketAddress server = address();
        Message answer = answerFrom(server, message);
        TSIGRecord signature = answer.getTSIG();
        if (signature != null && signature.getError() != Rcode.NOERROR) {
            throw Rfc2136Failures.badSignature(settings, signature);
        }
        TsigKey key = settings.key();
        if (key != null && !answer.isVerified()) {
            throw Rfc2136Failures.notSigned(settings, key, answer.getRcode());
        }
        return answer;
    }

    /** Sending it again is safe: adding what is there, or deleting what is gone, changes nothing. */
    private Message answerFrom(InetSocketAddress server, Message message) throws DnsProviderException {
        try {
            return ask(server, message, settings.tcp());
        } catch (IOException lost) {
            if (settings.tcp()) {
                throw unreachable(lost);
            }
        }
        try {
            return ask(server, message, true);
        } catch (IOException lost) {
            throw unreachable(lost);
        }
    }

    private Message ask(InetSocketAddress server, Message message, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(settings.timeout());
        resolver.setEDNS(-1);
        resolver.setTCP(tcp);
        TSIG signer = signer(settings.key());
        if (signer != null) {
            resolver.setTSIGKey(signer);
        }
        return resolver.send(message);
    }

    private @Nullable TSIG signer(@Nullable TsigKey key) {
        if (key == null) {
            return null;
        }
        try {
            Name algorithm = Name.fromString(key.algorithm().dnsName(), Name.root);
            SecretKeySpec secret =
                    new SecretKeySpec(key.secret(), key.algorithm().jcaName());
            return new TSIG(algorithm, Name.fromString(key.name(), Name.root), secret, settings.clock());
        } catch (TextParseException impossible) {
            throw new IllegalStateException(key + " was checked before", impossible);
        }
    }

    private InetSocketAddress address() throws DnsProviderException {
        InetSocketAddress server = settings.server();
        if (!server.isUnresolved()) {
            return server;
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(server.getHostString()), server.getPort());
        } catch (UnknownHostException unknown) {
            throw DnsProviderException.unavailable(
                    Rfc2136Failures.subject(settings)
                            + " has a name that cannot be resolved. Check it, or set its IP address.",
                    unknown);
        }
    }

    private DnsProviderException unreachable(IOException failure) {
        return DnsProviderException.unavailable(
                Rfc2136Failures.subject(settings) + " " + RecursiveLookup.describe(failure)
                        + ". Check its address, and that this machine may reach it by UDP and TCP.",
                failure);
    }
}
