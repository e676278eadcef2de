package dev.gatehouse.testing.internal.pki;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What one issuer remembers of its certificates: the serial numbers, and which are revoked. Thread safe. */
public final class IssuedCertificates {
    private final Map<BigInteger, Optional<Revocation>> bySerialNumber = new ConcurrentHashMap<>();
    private final AtomicLong lists = new AtomicLong();

    IssuedCertificates() {}

    void add(X509Certificate certificate) {
        bySerialNumber.put(certificate.getSerialNumber(), Optional.empty());
    }

    /** {@return whether there is a certificate with this serial number} */
    public boolean contains(BigInteger serialNumber) {
        return bySerialNumber.containsKey(serialNumber);
    }

    /**
     * Revokes a certificate.
     *
     * @param serialNumber of a certificate that is known
     * @param revocation since when, and why
     * @return whether it counted until now
     */
    public boolean revoke(BigInteger serialNumber, Revocation revocation) {
        return bySerialNumber.replace(serialNumber, Optional.empty(), Optional.of(revocation));
    }

    /** Forgets a certificate, as if it had not been issued. */
    public void forget(BigInteger serialNumber) {
        bySerialNumber.remove(serialNumber);
    }

    /** {@return the revocation of a certificate, empty if it counts} */
    public Optional<Revocation> revocation(BigInteger serialNumber) {
        return bySerialNumber.getOrDefault(serialNumber, Optional.empty());
    }

    /** {@return the revoked ones, by serial number} */
    public SortedMap<BigInteger, Revocation> revoked() {
        SortedMap<BigInteger, Revocation> revoked = new TreeMap<>();
        bySerialNumber.forEach((serial, state) -> state.ifPresent(revocation -> revoked.put(serial, revocation)));
        return revoked;
    }

    /** {@return a number above all that were returned before, for a revocation list} */
    public long nextListNumber() {
        return lists.incrementAndGet();
    }
}
