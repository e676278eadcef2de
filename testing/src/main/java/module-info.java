/** A test CA, broken certificates, an in-process ACME server and a handshake probe, for tests of TLS code. */
module dev.gatehouse.testing {
    requires transitive dev.gatehouse.tls;
    requires jdk.httpserver;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.jose4j;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.testing;
}
