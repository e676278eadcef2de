package dev.gatehouse.tls.internal.der;

/**
 * A public key as certificates have it (RFC 5280, section 4.1.2.7). Of EC keys there is the point alone: points on different
 * curves differ in length.
 *
 * @param algorithm what it is for
 * @param bits the content of the bit string
 */
public record SubjectPublicKey(KeyAlgorithm algorithm, Octets bits) implements Comparable<SubjectPublicKey> {

    @Override
    public int compareTo(SubjectPublicKey other) {
        int order = algorithm.compareTo(other.algorithm);
        return order != 0 ? order : bits.compareTo(other.bits);
    }
}
