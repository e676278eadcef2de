/** What travels: JSON objects, problem documents, responses and the URLs of the server's resources. */
@NullMarked
package dev.gatehouse.testing.internal.acme.wire;

import org.jspecify.annotations.NullMarked;
