package dev.gatehouse.acme;

import java.util.List;

/**
 * Whether somebody has to look after the certificates. An immutable snapshot.
 *
 * @param problems what is wrong, each a sentence with its cause; none if all is well
 * @param certificates how many certificates are in memory and valid
 */
public record CertificateHealth(List<String> problems, int certificates) {

    /**
     * Copies the list.
     *
     * @param problems what is wrong
     * @param certificates how many certificates are in memory and valid
     */
    public CertificateHealth {
        problems = List.copyOf(problems);
    }

    /** {@return whether nothing is wrong} */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /** {@return the problems one after the other, or that all is well; for a health endpoint} */
    public String summary() {
        return isGood() ? certificates + " certificates are valid." : String.join(" ", problems);
    }
}
