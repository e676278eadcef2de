/**
 * The test kit in tests of JUnit (Jupiter 5 and 6): a {@link dev.gatehouse.testing.TestCa}, a
 * {@link dev.gatehouse.testing.RevocationServer} and an {@link dev.gatehouse.testing.AcmeTestServer} as parameters of test
 * methods, closed when the test is over.
 *
 * <pre>{@code
 * @ExtendWith(GatehouseExtension.class)
 * class TenantTest {
 *     @Test
 *     void getsACertificate(TestCa ca, AcmeTestServer acme) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Only this package needs JUnit. It is an optional dependency: whoever writes tests for JUnit has it already.
 */
@NullMarked
package dev.gatehouse.testing.junit;

import org.jspecify.annotations.NullMarked;
