/** What is written into storage, and how. Not exported. */
@NullMarked
package dev.gatehouse.acme.internal.storage;

import org.jspecify.annotations.NullMarked;
