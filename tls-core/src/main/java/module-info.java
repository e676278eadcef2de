/** Certificates chosen by server name, for any JSSE server and provider. */
module dev.gatehouse.tls {
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.tls;
    exports dev.gatehouse.tls.source;
}
