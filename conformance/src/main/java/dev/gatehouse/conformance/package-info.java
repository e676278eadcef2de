/**
 * Suites of JUnit 6 for those who implement an interface of Gatehouse.
 *
 * <p>{@link dev.gatehouse.conformance.CertificateStorageConformance} is for a
 * {@link dev.gatehouse.acme.CertificateStorage}. Extend it in a test, and say how a storage is opened:
 *
 * <pre>{@code
 * class MyStorageTest extends CertificateStorageConformance {
 *
 *     @Override
 *     protected CertificateStorage open(InstantSource clock) {
 *         return new MyStorage(emptyDatabaseOfThisTest, clock);
 *     }
 * }
 * }</pre>
 *
 * <p>Each case is named after the promise that it checks. Cases run in any order and need nothing but what {@code open}
 * gives them; threads are real, time is not: only the clock that {@code open} gets decides what has expired.
 */
@NullMarked
package dev.gatehouse.conformance;

import org.jspecify.annotations.NullMarked;
