package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.table.HostPattern;
import dev.gatehouse.routing.internal.table.PathPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One application behind the router: the hosts and path prefixes under which it is reached, what answers there, and
 * within which limits. What answers is a {@link Target} in another process or an {@link HttpHandler} in this one.
 *
 * <pre>{@code
 * Service api = Service.named("api")
 *         .host("api.example.com")
 *         .target("127.0.0.1:3000")
 *         .buffering(Buffering.requests().maxRequestBodyBytes(600_000_000).build())
 *         .build();
 * }</pre>
 *
 * <p>Time-outs are noticed up to a quarter of a second late.
 *
 * <p>Immutable: a change is a new service of the same name, given to {@link Router#put} or {@link Router#replace}.
 */
public final class Service {

    private static final int MAX_NAME_LENGTH = 100;

    /** Less than any line carries, and enough that a request of usual size does not last for hours. */
    private static final long DEFAULT_MIN_REQUEST_RATE = 500;

    private final String name;
    private final List<String> hosts;
    private final List<String> pathPrefixes;
    private final boolean stripPathPrefix;
    private final @Nullable Target target;
    private final @Nullable HttpHandler handler;
    private final @Nullable Buffering buffering;
    private final Duration connectTimeout;
    private final Duration requestIdleTimeout;
    private final Duration responseTimeout;
    private final Duration responseIdleTimeout;
    private final Duration upgradeIdleTimeout;
    private final Duration totalTimeout;
    private final long minRequestRate;

    private Service(Builder builder) {
        name = builder.name;
        hosts = List.copyOf(builder.hosts);
        pathPrefixes = builder.pathPrefixes.isEmpty() ? List.of("/") : List.copyOf(builder.pathPrefixes);
        stripPathPrefix = Boolean.TRUE.equals(builder.stripPathPrefix);
        target = builder.target;
        handler = builder.handler;
        buffering = builder.buffering;
        connectTimeout = Objects.requireNonNullElse(builder.connectTimeout, Duration.ofSeconds(5));
        requestIdleTimeout = Objects.requireNonNullElse(builder.requestIdleTimeout, Duration.ofSeconds(30));
        responseTimeout = Objects.requireNonNullElse(builder.responseTimeout, Duration.ofSeconds(30));
        responseIdleTimeout = Objects.requireNonNullElse(builder.responseIdleTimeout, Duration.ofMinutes(5));
        upgradeIdleTimeout = Objects.requireNonNullElse(builder.upgradeIdleTimeout, Duration.ofHours(1));
        totalTimeout = Objects.requireNonNullElse(builder.totalTimeout, Duration.ZERO);
        minRequestRate = Objects.requireNonNullElse(builder.minRequestRate, DEFAULT_MIN_REQUEST_RATE);
    }

    /**
     * Starts a service.
     *
     * @param name what it is called in configuration, messages and logs: 1 to 100 letters, digits, {@code .}, {@code _}
     *     or {@code -}; unique in a router
     * @return a builder for it
     * @throws IllegalArgumentException if the name is not of that form
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** {@return what the service is called} */
    public String name() {
        return name;
    }

    /**
     * {@return the hosts as they are compared, in lower case and as A-labels; a wildcard begins with {@code *.}; empty if
     * the service is the one for all hosts that no other service names} Unmodifiable.
     */
    public List<String> hosts() {
        return hosts;
    }

    /** {@return the path prefixes, each with a slash at its beginning and none at its end; unmodifiable} */
    public List<String> pathPrefixes() {
        return pathPrefixes;
    }

    /** {@return whether the path prefix is taken off before the request is passed on} */
    public boolean stripPathPrefix() {
        return stripPathPrefix;
    }

    /** {@return where the origin listens; null if a handler answers} */
    public @Nullable Target target() {
        return target;
    }

    /** {@return the code in this process that answers; null if a target does} */
    public @Nullable HttpHandler handler() {
        return handler;
    }

    /** {@return what is buffered; null if everything is passed on as it comes} */
    public @Nullable Buffering buffering() {
        return buffering;
    }

    /** {@return how long a connection to the target may take, its name's resolution included} */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** {@return how long the client may pause within request content; zero for no limit} */
    public Duration requestIdleTimeout() {
        return requestIdleTimeout;
    }

    /** {@return how long the target may take to answer once it has the request; zero for no limit} */
    public Duration responseTimeout() {
        return responseTimeout;
    }

    /** {@return how long response content may stand still; zero for no limit} */
    public Duration responseIdleTimeout() {
        return responseIdleTimeout;
    }

    /** {@return how long an upgraded connection may carry nothing; zero for no limit} */
    public Duration upgradeIdleTimeout() {
        return upgradeIdleTimeout;
    }

    /** {@return how long the target may have an exchange in all; zero for no limit} */
    public Duration totalTimeout() {
        return totalTimeout;
    }

    /** {@return how many bytes of request content a client has to send in a second, on average; 0 for no limit} */
    public long minRequestRate() {
        return minRequestRate;
    }

    /** {@return name, routes and target, for a log} */
    @Override
    public String toString() {
        return name + " " + (hosts.isEmpty() ? "(all hosts)" : hosts) + pathPrefixes + " -> "
                + (target != null ? target : "handler");
    }

    /** Collects the settings of a service. Not safe for use by several threads. */
    public static final class Builder {

        private final String name;
        private final List<String> hosts = new ArrayList<>();
        private final List<String> pathPrefixes = new ArrayList<>();
        private @Nullable Boolean stripPathPrefix;
        private @Nullable Target target;
        private @Nullable HttpHandler handler;
        private @Nullable Buffering buffering;
        private @Nullable Duration connectTimeout;
        private @Nullable Duration requestIdleTimeout;
        private @Nullable Duration responseTimeout;
        private @Nullable Duration responseIdleTimeout;
        private @Nullable Duration upgradeIdleTimeout;
        private @Nullable Duration totalTimeout;
        private @Nullable Long minRequestRate;

        private Builder(String name) {
            Objects.requireNonNull(name, "name");
            if (name.isEmpty()
                    || name.length() > MAX_NAME_LENGTH
                    || !name.chars().allMatch(Builder::isNameCharacter)) {
                throw new IllegalArgumentException(
                        "service name \"" + name + "\": expected 1 to 100 letters, digits, \".\", \"_\" or \"-\"");
            }
            this.name = name;
        }

        private static boolean isNameCharacter(int c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
        }

        /**
         * Adds a host: an exact name, an IP address (IPv6 in brackets) or {@code *.} and a name, where the star stands for
         * exactly one label. A service without hosts gets the requests for all hosts that no service names. Names are
         * compared without regard to case, trailing dot or port; an internationalised name is converted to A-labels.
         *
         * @param host the host
         * @return this builder
         * @throws IllegalArgumentException if it is not a host, or was added before
         */
        public Builder host(String host) {
            add("host", hosts, HostPattern.parse(host).toString());
            return this;
        }

        /**
         * Adds hosts, as {@link #host} does.
         *
         * @param hosts the hosts
         * @return this builder
         * @throws IllegalArgumentException if one is not a host, or was added before
         */
        public Builder hosts(String... hosts) {
            for (String host : hosts) {
                host(host);
            }
            return this;
        }

        /**
         * Adds a path prefix. {@code /api} stands for {@code /api} and all below {@code /api/}, not for {@code /apiary};
         * of several that fit the longest counts. It is compared with the path as the client sent it, without decoding
         * anything. Without a prefix the service gets all paths.
         *
         * @param prefix the prefix, percent-encoded where a client encodes it
         * @return this builder
         * @throws IllegalArgumentException if it cannot be the beginning of a path, or was added before
         */
        public Builder pathPrefix(String prefix) {
            add("path prefix", pathPrefixes, PathPrefix.normalize(prefix));
            return this;
        }

        private void add(String kind, List<String> list, String value) {
            if (list.contains(value)) {
                throw new IllegalArgumentException(
                        "service " + name + ": " + kind + " " + value + " is given twice (remove one)");
            }
            list.add(value);
        }

        /**
         * Sets whether the path prefix is taken off before the request is passed on: {@code /api/users?x} becomes
         * {@code /users?x}, {@code /api} becomes {@code /}. The rest of the path keeps its encoding, and
         * {@code X-Forwarded-Prefix} tells the origin what is missing.
         *
         * @param strip whether; false if not set
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder stripPathPrefix(boolean strip) {
            stripPathPrefix = Settings.once(settingName("stripPathPrefix"), stripPathPrefix, strip);
            return this;
        }

        /**
         * Sets the target, as {@link Target#of(String)} reads it.
         *
         * @param target such as {@code 127.0.0.1:3000}, {@code https://app-1:8443} or {@code unix:/run/app.sock}
         * @return this builder
         * @throws IllegalArgumentException if it is of no such form
         * @throws IllegalStateException if a target or handler was set before
         */
        public Builder target(String target) {
            return target(Target.of(target));
        }

        /**
         * Sets the target.
         *
         * @param target where the origin listens
         * @return this builder
         * @throws IllegalStateException if a target or handler was set before
         */
        public Builder target(Target target) {
            refuseBoth(handler);
            this.target = Settings.once(settingName("target"), this.target, Objects.requireNonNull(target, "target"));
            return this;
        }

        /**
         * Sets code in this process that answers in place of a target. It is called on a thread of the host, or of the
         * router when the request was buffered; it must not block.
         *
         * @param handler what answers
         * @return this builder
         * @throws IllegalStateException if a target or handler was set before
         */
        public Builder handler(HttpHandler handler) {
            refuseBoth(target);
            this.handler =
                    Settings.once(settingName("handler"), this.handler, Objects.requireNonNull(handler, "handler"));
            return this;
        }

        private void refuseBoth(@Nullable Object other) {
            if (other != null) {
                throw new IllegalStateException(
                        "service " + name + ": both a target and a handler (set one; what answers is either)");
            }
        }

        /**
         * Sets what is buffered.
         *
         * @param buffering the limits; nothing is buffered if not set
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder buffering(Buffering buffering) {
            this.buffering = Settings.once(
                    settingName("buffering"), this.buffering, Objects.requireNonNull(buffering, "buffering"));
            return this;
        }

        /**
         * Limits the time to reach the target, from the resolution of its name to an open connection. After that the
         * client gets 504.
         *
         * @param timeout more than zero; 5 seconds if not set
         * @return this builder
         * @throws IllegalArgumentException if not positive
         * @throws IllegalStateException if set before
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = Settings.once(
                    settingName("connectTimeout"), connectTimeout, Settings.positive("connectTimeout", timeout));
            return this;
        }

        /**
         * Limits how long the client may send nothing while request content is outstanding. After that it gets 408.
         *
         * @param timeout more than zero, or zero for no limit; 30 seconds if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder requestIdleTimeout(Duration timeout) {
            requestIdleTimeout = Settings.once(
                    settingName("requestIdleTimeout"),
                    requestIdleTimeout,
                    Settings.notNegative("requestIdleTimeout", timeout));
            return this;
        }

        /**
         * Limits how long the target may take to send a response head once it has been sent the request, and how long it
         * may refuse to take more of the request. After that the client gets 504.
         *
         * @param timeout more than zero, or zero for no limit; 30 seconds if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder responseTimeout(Duration timeout) {
            responseTimeout = Settings.once(
                    settingName("responseTimeout"), responseTimeout, Settings.notNegative("responseTimeout", timeout));
            return this;
        }

        /**
         * Limits how long response content may stand still, because the target sends none or the client takes none. After
         * that the exchange is aborted, so that the client can tell that content is missing.
         *
         * @param timeout more than zero, or zero for no limit; 5 minutes if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder responseIdleTimeout(Duration timeout) {
            responseIdleTimeout = Settings.once(
                    settingName("responseIdleTimeout"),
                    responseIdleTimeout,
                    Settings.notNegative("responseIdleTimeout", timeout));
            return this;
        }

        /**
         * Limits how long a connection that has been upgraded to another protocol, such as WebSocket, may carry nothing in
         * either direction. After that both its sides are closed.
         *
         * @param timeout more than zero, or zero for no limit; 1 hour if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder upgradeIdleTimeout(Duration timeout) {
            upgradeIdleTimeout = Settings.once(
                    settingName("upgradeIdleTimeout"),
                    upgradeIdleTimeout,
                    Settings.notNegative("upgradeIdleTimeout", timeout));
            return this;
        }

        /**
         * Limits how long the target may have an exchange in all, from when it is claimed, which is after the request has
         * been buffered, to the end of its response. After that the client gets 504; if its response has begun it is
         * aborted.
         *
         * @param timeout more than zero, or zero for no limit; no limit if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder totalTimeout(Duration timeout) {
            totalTimeout = Settings.once(
                    settingName("totalTimeout"), totalTimeout, Settings.notNegative("totalTimeout", timeout));
            return this;
        }

        /**
         * Sets how fast a client has to send request content, so that it cannot hold an exchange by sending a byte now and
         * then. It gets 408 when it has been waited for, in all, longer than {@link #requestIdleTimeout} and the time that
         * its content takes at this rate. Waiting for the target does not count, and nothing is asked of the client any
         * more once the response has begun. Without a {@code requestIdleTimeout} there is no least rate either.
         *
         * @param bytesPerSecond 1 or more, or 0 for no limit; 500 if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder minRequestRate(long bytesPerSecond) {
            minRequestRate = Settings.once(
                    settingName("minRequestRate"),
                    minRequestRate,
                    Settings.notNegative("minRequestRate", bytesPerSecond));
            return this;
        }

        private String settingName(String setting) {
            return "service " + name + ": " + setting;
        }

        /**
         * Makes the service.
         *
         * @return the service
         * @throws IllegalStateException if it has neither a target nor a handler
         */
        public Service build() {
            if (target == null && handler == null) {
                throw new IllegalStateException("service " + name + ": nothing answers (set a target or a handler)");
            }
            return new Service(this);
        }
    }
}
