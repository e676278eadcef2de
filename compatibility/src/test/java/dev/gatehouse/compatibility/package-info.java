/**
 * Handshakes with every TLS provider that a server may use. {@link dev.gatehouse.compatibility.TlsStack} lists the
 * servers, {@link dev.gatehouse.compatibility.RawTlsClient} is the client that sends what no sane client sends, and
 * {@link dev.gatehouse.compatibility.OpenSslClient} the one that keeps sessions and offers them again.
 */
@NullMarked
package dev.gatehouse.compatibility;

import org.jspecify.annotations.NullMarked;
