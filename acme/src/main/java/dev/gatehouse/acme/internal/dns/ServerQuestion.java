package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ServerAnswer;
import dev.gatehouse.acme.dns.ServerAnswer.Verdict;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/** Asks one server for the values at a name, and says what its answer means. Its stages never fail. */
final class ServerQuestion {

    private static final int MOST_VALUES = 10;
    private static final int LONGEST_VALUE = 100;

    private final String server;
    private final @Nullable InetSocketAddress address;
    private final boolean authoritative;

    private ServerQuestion(String server, @Nullable InetSocketAddress address, boolean authoritative) {
        this.server = server;
        this.address = address;
        this.authoritative = authoritative;
    }

    /** One question for each address; one that is answered already for a server without an address. */
    static List<ServerQuestion> to(NameServer server) {
        if (server.addresses().isEmpty()) {
            return List.of(new ServerQuestion(server.name(), null, true));
        }
        return server.addresses().stream()
                .map(address -> new ServerQuestion(server.name(), address, true))
                .toList();
    }

    /** A question to a server that may be recursive. */
    static ServerQuestion toAny(InetSocketAddress address) {
        return new ServerQuestion(HostPort.show(address), address, false);
    }

    CompletionStage<ServerAnswer> ask(DnsClient client, Name name, String value) {
        InetSocketAddress target = address;
        if (target == null) {
            return CompletableFuture.completedStage(
                    answer(Verdict.UNREACHABLE, List.of(), "no address was found for it"));
        }
        CompletionStage<Message> answer = authoritative
                ? client.askDirectly(target, name, Type.TXT)
                : client.askRecursively(target, name, Type.TXT);
        return answer.handle((message, failure) -> failure == null ? read(message, name, value) : explain(failure));
    }

    private ServerAnswer read(Message message, Name name, String value) {
        int code = message.getRcode();
        String alias = aliasIn(message, name);
        if (code == Rcode.NXDOMAIN) {
            return answer(alias.isEmpty() ? Verdict.NO_NAME : Verdict.ALIAS, List.of(), alias);
        }
        if (code == Rcode.REFUSED && authoritative) {
            return answer(Verdict.NOT_AUTHORITATIVE, List.of(), "REFUSED");
        }
        if (code != Rcode.NOERROR) {
            return answer(Verdict.FAILURE, List.of(), Rcode.string(code));
        }
        List<String> values = valuesIn(message);
        boolean isThere = values.contains(value);
        List<String> shown = shown(values, value);
        if (authoritative && !message.getHeader().getFlag(Flags.AA)) {
            return answer(Verdict.NOT_AUTHORITATIVE, shown, "");
        }
        if (isThere) {
            return answer(Verdict.SHOWS_VALUE, shown, "");
        }
        if (!alias.isEmpty()) {
            return answer(Verdict.ALIAS, shown, alias);
        }
        return answer(values.isEmpty() ? Verdict.NO_RECORD : Verdict.OTHER_VALUES, shown, "");
    }

    private ServerAnswer explain(Throwable failure) {
        Throwable cause = DnsClient.rootOf(failure);
        if (RecursiveLookup.isTimeout(cause)) {
            return answer(Verdict.TIMED_OUT, List.of(), "");
        }
        String detail = Texts.oneLine(
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), LONGEST_VALUE);
        return answer(cause instanceof WireParseException ? Verdict.FAILURE : Verdict.UNREACHABLE, List.of(), detail);
    }

    private ServerAnswer answer(Verdict verdict, List<String> values, String detail) {
        InetSocketAddress asked = address;
        String where = asked == null || !authoritative ? "" : HostPort.show(asked);
        return new ServerAnswer(server, where, verdict, values, detail);
    }

    /** Where a server follows an alias, the values are those of its target. */
    private static List<String> valuesIn(Message message) {
        return message.getSection(Section.ANSWER).stream()
                .filter(TXTRecord.class::isInstance)
                .map(record -> text((TXTRecord) record))
                .toList();
    }

    private static String text(TXTRecord record) {
        StringBuilder text = new StringBuilder();
        for (byte[] part : record.getStringsAsByteArrays()) {
            text.append(new String(part, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    /** The value that was looked for is among those that are shown. */
    private static List<String> shown(List<String> values, String value) {
        return values.stream()
                .sorted((one, other) -> Boolean.compare(other.equals(value), one.equals(value)))
                .limit(MOST_VALUES)
                .map(text -> Texts.oneLine(text, LONGEST_VALUE))
                .toList();
    }

    private static String aliasIn(Message message, Name name) {
        for (Record record : message.getSection(Section.ANSWER)) {
            if (record instanceof CNAMERecord alias && record.getName().equals(name)) {
                return alias.getTarget().canonicalize().toString(true);
            }
        }
        return "";
    }
}
