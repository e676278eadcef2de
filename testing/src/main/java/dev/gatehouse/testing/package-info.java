/**
 * What tests of TLS code need: a certification authority, broken certificates, a handshake probe,
 * and an ACME server in the same JVM.
 *
 * <h2>A certification authority</h2>
 *
 * <p>{@link dev.gatehouse.testing.TestCa} issues {@linkplain dev.gatehouse.tls.Credential credentials} for any names, of
 * any age and kind of key, and makes clients that trust its root and no other:
 *
 * <pre>{@code
 * TestCa ca = TestCa.create();
 * Credential credential = ca.issue("app.example.com", "*.shop.example.com");
 * Credential expired = ca.leaf("old.example.com")
 *         .validity(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2020-04-01T00:00:00Z"))
 *         .issue();
 * HttpClient client = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
 * }</pre>
 *
 * <h2>What a server shows</h2>
 *
 * <p>{@link dev.gatehouse.testing.TlsProbe} makes one handshake and tells what came of it.
 * {@link dev.gatehouse.testing.BrokenCertificates} are what clients must refuse:
 *
 * <pre>{@code
 * TlsProbeResult result = TlsProbe.builder().serverName("app.example.com").trust(ca).build().probe(server.address());
 * assertThat(result.succeeded()).isTrue();
 * assertThat(result.leaf()).contains(credential.leaf());
 *
 * TlsProbeResult refused = TlsProbe.builder().withoutServerName().trustEverything().build().probe(server.address());
 * assertThat(refused.alertReceived()).contains("unrecognized_name");
 *
 * SSLContext incomplete = ca.broken("app.example.com").missingIntermediate().sslContext();
 * }</pre>
 *
 * <h2>An ACME server</h2>
 *
 * <p>{@link dev.gatehouse.testing.AcmeTestServer} is a strict server for RFC 8555 that starts in milliseconds. It finds
 * every name on this machine unless a {@link dev.gatehouse.testing.NameResolver} says otherwise, and proves control over it
 * by a real HTTP request:
 *
 * <pre>{@code
 * @Test
 * void servesANewTenantOverTls() throws Exception {
 *     try (AcmeTestServer acme = AcmeTestServer.builder().http01Port(webServer.port()).start()) {
 *         webServer.useAcme(acme.directoryUri());
 *
 *         webServer.addTenant("tenant.example.com");
 *
 *         await().untilAsserted(() -> assertThat(acme.orders())
 *                 .extracting(AcmeOrder::status)
 *                 .containsExactly(OrderStatus.VALID));
 *         assertThat(acme.issuedCertificates()).hasSize(1);
 *     }
 * }
 * }</pre>
 *
 * <p>A client that makes a mistake reads in the problem document, and in one log line of the server, what was wrong with
 * which value and what to do.
 */
@NullMarked
package dev.gatehouse.testing;

import org.jspecify.annotations.NullMarked;
