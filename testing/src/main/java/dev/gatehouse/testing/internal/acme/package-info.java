/** The ACME server behind {@code AcmeTestServer}: how its parts are put together and reached by HTTP. */
@NullMarked
package dev.gatehouse.testing.internal.acme;

import org.jspecify.annotations.NullMarked;
