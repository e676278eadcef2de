/** TLS toward origins: whom to trust, and channels that encrypt. */
@NullMarked
package dev.gatehouse.routing.internal.tls;

import org.jspecify.annotations.NullMarked;
