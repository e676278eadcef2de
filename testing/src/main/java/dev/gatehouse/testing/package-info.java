/**
 * What tests of TLS code need: a certification authority with every certificate there is, a server that shows them, probes
 * that tell what a server shows, revocation, and an ACME server in the same JVM.
 *
 * <h2>A certification authority</h2>
 *
 * <p>{@link dev.gatehouse.testing.TestCa} issues {@linkplain dev.gatehouse.tls.Credential credentials} for any names, of
 * any age and kind of key, for servers and clients, and makes clients that trust its root and no other:
 *
 * <pre>{@code
 * TestCa ca = TestCa.create();
 * Credential credential = ca.issue("app.example.com", "*.shop.example.com");
 * Credential rsa = ca.leaf("old.example.com").keyAlgorithm(KeyAlgorithm.RSA_2048).lifetime(Duration.ofDays(6)).issue();
 * CertificateMaterial alice = ca.issueClient("alice");
 * HttpClient client = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
 * }</pre>
 *
 * <h2>To test a client</h2>
 *
 * <p>{@link dev.gatehouse.testing.BrokenCertificates} are what clients must refuse, each for one
 * {@linkplain dev.gatehouse.testing.CertificateFault fault}; a {@link dev.gatehouse.testing.TlsTestServer} shows them, and
 * tells how the client took it:
 *
 * <pre>{@code
 * try (TlsTestServer server = TlsTestServer.start(ca.broken("localhost").missingIntermediate())) {
 *     assertThatThrownBy(() -> client.get(server.uri())).isInstanceOf(SSLException.class);
 * }
 * }</pre>
 *
 * <h2>To test a server</h2>
 *
 * <p>{@link dev.gatehouse.testing.TlsProbe} makes a handshake as a JDK client does, and verifies what it is shown.
 * {@link dev.gatehouse.testing.HelloProbe} sends a ClientHello of any server name and any signature schemes, on every version
 * of Java, and reads the answer. Both give a {@link dev.gatehouse.testing.TlsProbeResult}, whose requirements tell the whole
 * outcome when they are not met:
 *
 * <pre>{@code
 * TlsProbe.builder().serverName("app.example.com").trust(ca).build()
 *         .probe(server.address())
 *         .requireCompleted()
 *         .requireLeaf(credential.leaf());
 * HelloProbe.builder().serverName("under_score.example.com").build()
 *         .probe(server.address())
 *         .requireAlert("unrecognized_name");
 * }</pre>
 *
 * <h2>Revocation</h2>
 *
 * <p>{@link dev.gatehouse.testing.RevocationServer} answers OCSP and serves revocation lists:
 *
 * <pre>{@code
 * try (RevocationServer revocation = RevocationServer.start(ca)) {
 *     Credential credential = ca.leaf("app.example.com").revocation(revocation).mustStaple().issue();
 *     ca.revoke(credential.leaf(), CRLReason.KEY_COMPROMISE);
 * }
 * }</pre>
 *
 * <h2>An ACME server</h2>
 *
 * <p>{@link dev.gatehouse.testing.AcmeTestServer} is a strict server for RFC 8555 that starts in milliseconds, with renewal
 * information (RFC 9773), profiles, IP addresses and TLS-ALPN-01. It finds every name on this machine unless a
 * {@link dev.gatehouse.testing.NameResolver} says otherwise, and proves control over it by real connections:
 *
 * <pre>{@code
 * try (AcmeTestServer acme = AcmeTestServer.start();
 *         MyAcmeClient client = MyAcmeClient.of(acme)) {
 *     client.obtain("shop.test");
 *
 *     assertThat(acme.requireOneOrder("shop.test").status()).isEqualTo(OrderStatus.VALID);
 *     assertThat(acme.issuedCertificates()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>It does wrong what a test wants it to do wrong: each {@link dev.gatehouse.testing.AcmeFault} is one call, meets a certain
 * step or a certain name, and can be joined with others. {@link dev.gatehouse.testing.AcmeRateLimits} are those of public CAs.
 *
 * <pre>{@code
 * server.inject(AcmeFault.badNonce());
 * server.inject(AcmeFault.rateLimited(Duration.ofMinutes(5)).on(AcmeResource.NEW_ORDER).times(2));
 * server.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));
 * }</pre>
 *
 * <p>Each {@link dev.gatehouse.testing.AcmeExchange} tells what was asked and answered, each
 * {@link dev.gatehouse.testing.AcmeOrder} what became of it.
 *
 * <p>A client that makes a mistake reads in the problem document, and in one log line of the server, what was wrong with
 * which value and what to do.
 *
 * <h2>DNS</h2>
 *
 * <p>{@link dev.gatehouse.testing.TestDns} has the records that a test sets, on one server or on several that need not agree:
 *
 * <pre>{@code
 * try (TestDns dns = TestDns.builder().servers(2).zone("example.com").start();
 *         AcmeTestServer acme = AcmeTestServer.builder().dns(dns).start()) {
 *     dns.server(2).freeze();
 *     dns.add(DnsRecord.txt("_acme-challenge.app.example.com", digest));
 *     // A client of acme waits for the second server, until:
 *     dns.server(2).catchUp();
 * }
 * }</pre>
 *
 * <h2>JUnit</h2>
 *
 * <p>{@link dev.gatehouse.testing.junit.GatehouseExtension} gives all of this to test methods as parameters. Nothing else here
 * needs JUnit.
 */
@NullMarked
package dev.gatehouse.testing;

import org.jspecify.annotations.NullMarked;
