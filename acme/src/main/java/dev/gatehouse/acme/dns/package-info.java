/**
 * Answers to DNS-01 challenges (RFC 8555, section 8.4), which wildcard names need, and names that no certificate authority
 * can reach over HTTP.
 *
 * <p><b>The short way.</b> Say who writes the records:
 *
 * <pre>{@code
 * Dns01 dns = Dns01.using(CloudflareDns.withApiToken(token));
 * }</pre>
 *
 * <p><b>Who writes records</b> is a {@link dev.gatehouse.acme.dns.DnsProvider}:
 * {@link dev.gatehouse.acme.dns.CloudflareDns}, {@link dev.gatehouse.acme.dns.Rfc2136Dns} for one's own name servers,
 * {@link dev.gatehouse.acme.dns.WebhookDns} and {@link dev.gatehouse.acme.dns.CommandDns} for everything else, or one's
 * own: two methods that may block and need to do one thing at a time.
 *
 * <p><b>What happens</b> to a record is decided by {@link dev.gatehouse.acme.dns.Dns01} and done by a
 * {@link dev.gatehouse.acme.dns.Dns01Solver}: where it goes, aliases (CNAME) followed; presented, again if that failed with
 * something that may pass; seen on <i>all</i> servers that {@link dev.gatehouse.acme.dns.PropagationCheck} names, with a
 * {@link dev.gatehouse.acme.dns.PropagationReport} of what each said; withdrawn, in time of its own, also after a failure,
 * and, thanks to a {@link dev.gatehouse.acme.dns.ChallengeJournal}, after a crash.
 *
 * <p><b>dnsjava</b> is an optional dependency. Without it, records can be written by Cloudflare, webhooks and commands, if
 * neither aliases are followed nor propagation is checked; everything else says at once what to add.
 */
@NullMarked
package dev.gatehouse.acme.dns;

import org.jspecify.annotations.NullMarked;
