/** The configuration file of the proxy, read strictly. */
@NullMarked
package dev.gatehouse.examples.proxy.config;

import org.jspecify.annotations.NullMarked;
