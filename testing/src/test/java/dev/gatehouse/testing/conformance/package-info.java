/**
 * What the RFCs demand of an ACME server, section by section, seen on the wire. Each case is named after the sentence that
 * it checks.
 */
package dev.gatehouse.testing.conformance;
