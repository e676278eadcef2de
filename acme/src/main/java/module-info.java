/** Certificates issued on demand through ACME (RFC 8555), kept in storage, and given to any JSSE server. */
module dev.gatehouse.acme {
    requires transitive dev.gatehouse.tls;
    requires com.github.benmanes.caffeine;
    requires java.net.http;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.jose4j;
    requires org.shredzone.acme4j;
    requires org.slf4j;
    requires static org.dnsjava;
    requires static transitive java.sql;
    requires static transitive org.jspecify;

    exports dev.gatehouse.acme;
    exports dev.gatehouse.acme.dns;
    exports dev.gatehouse.acme.migration;
}
