package dev.gatehouse.testing.internal.dns;

import dev.gatehouse.testing.DnsQuery;
import dev.gatehouse.testing.DnsTransport;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** One server's way with a query: recorded, kept from an answer by a fault, or answered from the zones it knows of. */
public final class ServedZones implements DnsListener.QueryHandler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.TestDns");
    private static final int HEADER = 12;
    private static final int LONGEST_ANSWER = 65_535;

    private final int server;
    private final Supplier<Zones> zones;
    private final DnsFaultPlan faults;
    private final QueryLog log;

    /**
     * Makes a handler.
     *
     * @param server the number of the server
     * @param zones the zones as the server knows them at the time of a query
     * @param faults what it does wrong
     * @param log where queries are recorded
     */
    public ServedZones(int server, Supplier<Zones> zones, DnsFaultPlan faults, QueryLog log) {
        this.server = server;
        this.zones = zones;
        this.faults = faults;
        this.log = log;
    }

    @Override
    public void handle(byte[] bytes, DnsTransport transport, DnsListener.Reply reply) {
        try {
            Message query = new Message(bytes);
            if (!query.getHeader().getFlag(Flags.QR)) {
                answer(query, transport, reply);
            }
        } catch (IOException e) {
            LOG.warn(
                    "Server {} got {} bytes by {} that are no query ({}). Let the client send one.",
                    server,
                    bytes.length,
                    transport,
                    Text.reason(e));
            refuse(bytes, reply);
        } catch (RuntimeException unexpected) {
            LOG.error("Server {} failed to answer a query of {} bytes", server, bytes.length, unexpected);
        }
    }

    private void answer(Message query, DnsTransport transport, DnsListener.Reply reply) {
        Record question = query.getQuestion();
        DnsFaultEffect effect = question == null ? null : fault(question, transport);
        if (effect instanceof DnsFaultEffect.Drop) {
            record(question, transport, Optional.empty());
            return;
        }
        Message answer = effect instanceof DnsFaultEffect.ResponseCode code
                ? Responder.withoutRecords(query, code.code())
                : Responder.answer(query, zones.get());
        record(question, transport, Optional.of(Rcode.string(answer.getRcode())));
        byte[] bytes = bytes(query, answer, transport, effect instanceof DnsFaultEffect.Truncate);
        if (effect instanceof DnsFaultEffect.Wait wait) {
            wait.until().get().whenComplete((released, failed) -> reply.send(bytes));
        } else {
            reply.send(bytes);
        }
    }

    private @Nullable DnsFaultEffect fault(Record question, DnsTransport transport) {
        Optional<DnsFaultEffect> fault =
                faults.take(new DnsQuestion(question.getName(), question.getType(), transport));
        fault.ifPresent(effect -> LOG.info(
                "Server {}: {} {} meets an injected fault: {}", server, question.getName(), type(question), effect));
        return fault.orElse(null);
    }

    private static byte[] bytes(Message query, Message answer, DnsTransport transport, boolean truncated) {
        if (transport == DnsTransport.TCP) {
            return answer.toWire(LONGEST_ANSWER);
        }
        byte[] whole = answer.toWire(LONGEST_ANSWER);
        if (!truncated && whole.length <= Responder.datagramLimit(query)) {
            return whole;
        }
        Message cut = Responder.withoutRecords(query, answer.getRcode());
        cut.getHeader().setFlag(Flags.TC);
        return cut.toWire();
    }

    private void record(@Nullable Record question, DnsTransport transport, Optional<String> responseCode) {
        if (question != null) {
            String name = question.getName().labels() == 1
                    ? "."
                    : question.getName().toString(true).toLowerCase(Locale.ROOT);
            log.add(new DnsQuery(server, name, type(question), transport, responseCode));
        }
    }

    private static String type(Record question) {
        return Type.string(question.getType());
    }

    /** FORMERR needs no more of the query than its header. */
    private static void refuse(byte[] bytes, DnsListener.Reply reply) {
        if (bytes.length < HEADER || (bytes[2] & 0x80) != 0) {
            return;
        }
        Header header = new Header((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
        header.setFlag(Flags.QR);
        header.setRcode(Rcode.FORMERR);
        Message refusal = new Message();
        refusal.setHeader(header);
        refusal.removeAllRecords(Section.QUESTION);
        reply.send(refusal.toWire());
    }
}
