/** The resources of RFC 8555 section 7: each class answers the requests for one kind. */
@NullMarked
package dev.gatehouse.testing.internal.acme.resource;

import org.jspecify.annotations.NullMarked;
