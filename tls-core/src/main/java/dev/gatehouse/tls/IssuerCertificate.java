package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of an authority: one object for each, however many chains it is in, forgotten with the last of them.
 * Thousands of credentials have the same few intermediates.
 */
final class IssuerCertificate {

    private static final Map<EncodedCertificate, Entry> KNOWN = new ConcurrentHashMap<>();
    private static final ReferenceQueue<IssuerCertificate> FORGOTTEN = new ReferenceQueue<>();

    private final EncodedCertificate der;
    private volatile @Nullable X509Certificate parsed;
    private volatile @Nullable Boolean root;

    private IssuerCertificate(EncodedCertificate der) {
        this.der = der;
    }

    /** Finds or makes the one object. */
    static IssuerCertificate of(EncodedCertificate certificate) {
        forgetUnused();
        Entry entry = KNOWN.get(certificate);
        IssuerCertificate known = entry == null ? null : entry.get();
        return known == null ? remember(new IssuerCertificate(certificate)) : known;
    }

    private static IssuerCertificate remember(IssuerCertificate made) {
        Entry mine = new Entry(made);
        while (true) {
            Entry present = KNOWN.putIfAbsent(made.der, mine);
            IssuerCertificate known = present == null ? made : present.get();
            if (known != null) {
                return known;
            }
            KNOWN.remove(made.der, present);
        }
    }

    private static void forgetUnused() {
        for (Reference<?> gone = FORGOTTEN.poll(); gone != null; gone = FORGOTTEN.poll()) {
            Entry entry = (Entry) gone;
            KNOWN.remove(entry.der, entry);
        }
    }

    /** How many there are, forgotten ones included that are not yet swept out. */
    static int known() {
        return KNOWN.size();
    }

    EncodedCertificate der() {
        return der;
    }

    /** Whether it is signed with its own key. */
    boolean isRoot() {
        Boolean known = root;
        if (known == null) {
            known = CertificateChains.isIssuedBy(der, der);
            root = known;
        }
        return known;
    }

    /** The certificate for use in handshakes, parsed once. */
    X509Certificate parsed() {
        X509Certificate certificate = parsed;
        if (certificate == null) {
            certificate = CertificateChains.parse(der.encoded());
            parsed = certificate;
        }
        return certificate;
    }

    private static final class Entry extends WeakReference<IssuerCertificate> {

        private final EncodedCertificate der;

        Entry(IssuerCertificate certificate) {
            super(certificate, FORGOTTEN);
            this.der = certificate.der;
        }
    }
}
