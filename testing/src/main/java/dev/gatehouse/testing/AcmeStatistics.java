package dev.gatehouse.testing;

/**
 * What an {@link AcmeTestServer} has done since it was started. The numbers are read one after the other; while requests
 * are under way they need not fit together exactly.
 *
 * @param requests HTTP requests answered, refused ones included
 * @param refusedRequests requests answered with a problem document
 * @param accounts accounts created
 * @param orders orders created
 * @param validations validations that were finished, failed ones included
 * @param failedValidations validations that did not prove control
 * @param certificates certificates issued
 */
public record AcmeStatistics(
        long requests,
        long refusedRequests,
        long accounts,
        long orders,
        long validations,
        long failedValidations,
        long certificates) {}
