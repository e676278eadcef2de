/** Meters of Gatehouse's certificates for Micrometer. */
@SuppressWarnings("requires-transitive-automatic")
module dev.gatehouse.micrometer {
    requires transitive dev.gatehouse.acme;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.gatehouse.micrometer;
}
