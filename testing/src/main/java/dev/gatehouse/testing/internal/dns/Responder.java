package dev.gatehouse.testing.internal.dns;

import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers queries from zones (RFC 1034 section 4.3.2, RFC 2308, RFC 4592, RFC 6891). */
final class Responder {
    /** What fits into a datagram on every path (DNS flag day 2020). */
    static final int DATAGRAM = 1232;

    private static final int SMALLEST_DATAGRAM = 512;
    private static final int MOST_ALIASES = 8;

    private Responder() {}

    /** {@return the answer to a query} */
    static Message answer(Message query, Zones zones) {
        Message response = withoutRecords(query, Rcode.NOERROR);
        int refusal = refusal(query);
        if (refusal != Rcode.NOERROR) {
            setRcode(response, query, refusal);
            return response;
        }
        Record question = query.getQuestion();
        Name name = question.getName();
        for (int aliases = 0; aliases <= MOST_ALIASES; aliases++) {
            Optional<Zone> zone = zones.of(name);
            if (zone.isEmpty()) {
                setRcode(response, query, aliases == 0 ? Rcode.REFUSED : Rcode.NOERROR);
                return response;
            }
            ZoneAnswer found = zone.get().find(name, question.getType());
            if (!(found instanceof ZoneAnswer.Alias alias)) {
                add(response, query, zone.get(), found);
                return response;
            }
            response.addRecord(alias.record(), Section.ANSWER);
            response.getHeader().setFlag(Flags.AA);
            name = ((CNAMERecord) alias.record()).getTarget();
        }
        setRcode(response, query, Rcode.SERVFAIL);
        return response;
    }

    /** {@return a response with this code and nothing else} */
    static Message withoutRecords(Message query, int code) {
        Message response = new Message(query.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
            header.setFlag(Flags.RA);
        }
        if (query.getQuestion() != null) {
            response.addRecord(query.getQuestion(), Section.QUESTION);
        }
        setRcode(response, query, code);
        return response;
    }

    /** {@return how many bytes the response to a query by UDP may have} */
    static int datagramLimit(Message query) {
        OPTRecord edns = query.getOPT();
        return edns == null
                ? SMALLEST_DATAGRAM
                : Math.max(SMALLEST_DATAGRAM, Math.min(edns.getPayloadSize(), DATAGRAM));
    }

    private static int refusal(Message query) {
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            return Rcode.NOTIMP;
        }
        OPTRecord edns = query.getOPT();
        if (edns != null && edns.getVersion() != 0) {
            return Rcode.BADVERS;
        }
        if (query.getHeader().getCount(Section.QUESTION) != 1) {
            return Rcode.FORMERR;
        }
        Record question = query.getQuestion();
        boolean isTransfer = question.getType() == Type.AXFR || question.getType() == Type.IXFR;
        return isTransfer || question.getDClass() != DClass.IN ? Rcode.REFUSED : Rcode.NOERROR;
    }

    private static void add(Message response, Message query, Zone zone, ZoneAnswer found) {
        Header header = response.getHeader();
        if (found instanceof ZoneAnswer.Delegation delegation) {
            addAll(response, delegation.nameServers(), Section.AUTHORITY);
            return;
        }
        header.setFlag(Flags.AA);
        if (found instanceof ZoneAnswer.Found records) {
            addAll(response, records.records(), Section.ANSWER);
            return;
        }
        response.addRecord(negative(zone.soa()), Section.AUTHORITY);
        if (found instanceof ZoneAnswer.NoName) {
            setRcode(response, query, Rcode.NXDOMAIN);
        }
    }

    private static void addAll(Message response, List<Record> records, int section) {
        records.forEach(record -> response.addRecord(record, section));
    }

    /** The time to live of a negative answer is the lesser of the two in the record (RFC 2308 section 5). */
    private static Record negative(SOARecord soa) {
        return Record.newRecord(
                soa.getName(),
                Type.SOA,
                soa.getDClass(),
                Math.min(soa.getTTL(), soa.getMinimum()),
                soa.rdataToWireCanonical());
    }

    /** The upper bits of a code are in the OPT record, which belongs into every answer to a query with one. */
    private static void setRcode(Message response, Message query, int code) {
        response.getHeader().setRcode(code & 0xf);
        response.removeAllRecords(Section.ADDITIONAL);
        if (query.getOPT() != null) {
            response.addRecord(new OPTRecord(DATAGRAM, code >> 4, 0), Section.ADDITIONAL);
        }
    }
}
