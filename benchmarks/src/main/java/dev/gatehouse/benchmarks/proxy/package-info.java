/** The proxies in Java that {@code benchmarks/proxy/run} compares, each a program with the same arguments. */
@NullMarked
package dev.gatehouse.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
