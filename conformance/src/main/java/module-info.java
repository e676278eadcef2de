/** The tests that an implementation of Gatehouse's interfaces must pass. Open, so that JUnit can run them. */
open module dev.gatehouse.conformance {
    requires transitive dev.gatehouse.acme;
    requires transitive dev.gatehouse.routing;
    requires transitive org.junit.jupiter.api;
    requires java.net.http;
    requires org.assertj.core;
    requires org.junit.jupiter.params;
    requires awaitility;
    requires static transitive org.jspecify;

    exports dev.gatehouse.conformance;
    exports dev.gatehouse.conformance.host;
}
