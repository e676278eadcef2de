/** How the permission is asked and its answers remembered. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.permission;

import org.jspecify.annotations.NullMarked;
