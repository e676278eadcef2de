/** The tests that an implementation of Gatehouse's interfaces must pass. Open, so that JUnit can run them. */
open module dev.gatehouse.conformance {
    requires transitive dev.gatehouse.acme;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires static transitive org.jspecify;

    exports dev.gatehouse.conformance;
}
