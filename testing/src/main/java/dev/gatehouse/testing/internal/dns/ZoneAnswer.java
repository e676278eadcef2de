package dev.gatehouse.testing.internal.dns;

import java.util.List;
import org.xbill.DNS.Record;

/** What a zone has for a name and a type. */
sealed interface ZoneAnswer {

    /** Records of the type. */
    record Found(List<Record> records) implements ZoneAnswer {}

    /** The name stands for another one. */
    record Alias(Record record) implements ZoneAnswer {}

    /** The name exists, without records of the type. */
    record NoData() implements ZoneAnswer {}

    /** There is no such name. */
    record NoName() implements ZoneAnswer {}

    /** Other servers know about it. */
    record Delegation(List<Record> nameServers) implements ZoneAnswer {}
}
