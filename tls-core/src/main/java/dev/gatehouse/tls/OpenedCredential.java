package dev.gatehouse.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Key and certificates as objects of the JVM, ready for a handshake: several kilobytes, and tens of microseconds to make.
 *
 * @param privateKey the key of the first certificate
 * @param chain leaf first; unmodifiable
 */
record OpenedCredential(PrivateKey privateKey, List<X509Certificate> chain) {}
