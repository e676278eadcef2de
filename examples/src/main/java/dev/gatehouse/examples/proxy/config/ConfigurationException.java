package dev.gatehouse.examples.proxy.config;

import org.jspecify.annotations.Nullable;

/** The configuration file is wrong. The message has file, line, column, key and remedy. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
