package dev.gatehouse.tls;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of an authority: one object for each, however many chains it is in, forgotten with the last of them.
 * Thousands of credentials have the same few intermediates.
 */
final class IssuerCertificate {

    private static final Map<Encoding, Entry> KNOWN = new ConcurrentHashMap<>();
    private static final ReferenceQueue<IssuerCertificate> FORGOTTEN = new ReferenceQueue<>();

    private final CertificateDer der;
    private volatile @Nullable X509Certificate parsed;
    private volatile @Nullable Boolean root;

    private IssuerCertificate(CertificateDer der) {
        this.der = der;
    }

    /**
     * Finds or makes the one object.
     *
     * @param encoded the DER of the certificate; not kept
     * @throws CredentialException if it is malformed
     */
    static IssuerCertificate of(byte[] encoded) {
        forgetUnused();
        Encoding key = new Encoding(encoded);
        Entry entry = KNOWN.get(key);
        IssuerCertificate known = entry == null ? null : entry.get();
        return known == null ? remember(new IssuerCertificate(CertificateDer.of(encoded.clone()))) : known;
    }

    private static IssuerCertificate remember(IssuerCertificate made) {
        Encoding key = new Encoding(made.der.encoded());
        Entry mine = new Entry(key, made);
        while (true) {
            Entry present = KNOWN.putIfAbsent(key, mine);
            IssuerCertificate known = present == null ? made : present.get();
            if (known != null) {
                return known;
            }
            KNOWN.remove(key, present);
        }
    }

    private static void forgetUnused() {
        for (Reference<?> gone = FORGOTTEN.poll(); gone != null; gone = FORGOTTEN.poll()) {
            Entry entry = (Entry) gone;
            KNOWN.remove(entry.encoding, entry);
        }
    }

    /** How many there are, forgotten ones included that are not yet swept out. */
    static int known() {
        return KNOWN.size();
    }

    CertificateDer der() {
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

        private final Encoding encoding;

        Entry(Encoding encoding, IssuerCertificate certificate) {
            super(certificate, FORGOTTEN);
            this.encoding = encoding;
        }
    }

    /** Bytes that are equal by content. */
    private static final class Encoding {

        private final byte[] bytes;
        private final int hash;

        Encoding(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Encoding that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
