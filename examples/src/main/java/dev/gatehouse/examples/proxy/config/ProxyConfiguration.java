package dev.gatehouse.examples.proxy.config;

import dev.gatehouse.routing.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration file says.
 *
 * @param onDemand the policy for names that are not configured
 * @param services the services, in the order of the file
 */
public record ProxyConfiguration(Optional<OnDemandSettings> onDemand, List<ServiceSettings> services) {

    /**
     * The section {@code on_demand_tls}.
     *
     * @param ask the endpoint that permits names
     * @param interval the time in which {@code burst} orders become available again, if given
     * @param burst how many orders may begin at once, if given
     */
    public record OnDemandSettings(URI ask, Optional<Duration> interval, Optional<Integer> burst) {}

    /**
     * A service.
     *
     * @param name its name
     * @param hosts exact and wildcard names; none for the catch-all
     * @param pathPrefixes path prefixes; none for all paths
     * @param stripPathPrefix whether the origin sees the path without the prefix
     * @param certificate where its certificate comes from
     * @param target where the origin listens, with the settings for TLS
     * @param responseTimeout how long the origin may take to answer, if given
     * @param buffering how requests and responses are buffered, if they are
     */
    public record ServiceSettings(
            String name,
            List<String> hosts,
            List<String> pathPrefixes,
            boolean stripPathPrefix,
            CertificateSource certificate,
            Target target,
            Optional<Duration> responseTimeout,
            Optional<BufferingSettings> buffering) {}

    /**
     * The section {@code buffering}.
     *
     * @param requests whether requests are buffered
     * @param responses whether responses are buffered
     * @param maxRequestBody the most bytes that a request body may have, 0 for no limit
     * @param maxResponseBody the most bytes that a response body may have, 0 for no limit
     * @param memory how many bytes are kept in memory before a file is used, if given
     */
    public record BufferingSettings(
            boolean requests, boolean responses, long maxRequestBody, long maxResponseBody, Optional<Long> memory) {}

    /** Where the certificate of a service comes from. */
    public sealed interface CertificateSource {

        /** Plain HTTP only. */
        record None() implements CertificateSource {}

        /** Issued for the configured hosts. */
        record Automatic() implements CertificateSource {}

        /** Issued for any name that the ask endpoint permits. */
        record OnDemandNames() implements CertificateSource {}

        /**
         * Given by the operator.
         *
         * @param chain PEM text of the chain
         * @param privateKey PEM text of the key
         * @param origin where they stand, for messages
         */
        record Given(String chain, String privateKey, String origin) implements CertificateSource {

            /** Shows no key. */
            @Override
            public String toString() {
                return "Given[" + origin + "]";
            }
        }

        /** {@return whether the service is served over HTTPS} */
        default boolean isTls() {
            return !(this instanceof None);
        }
    }
}
