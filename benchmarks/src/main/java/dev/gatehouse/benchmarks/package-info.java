/**
 * Benchmarks of what the library promises about speed and memory. {@link dev.gatehouse.benchmarks.Benchmarks} runs all of
 * them and prints a table; a class per question makes the measurements.
 */
@NullMarked
package dev.gatehouse.benchmarks;

import org.jspecify.annotations.NullMarked;
