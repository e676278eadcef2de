package dev.gatehouse.testing.internal.dns;

import dev.gatehouse.testing.DnsTransport;
import org.xbill.DNS.Name;

/**
 * What is asked.
 *
 * @param name the name
 * @param type the number of the type
 * @param transport how it came
 */
public record DnsQuestion(Name name, int type, DnsTransport transport) {}
