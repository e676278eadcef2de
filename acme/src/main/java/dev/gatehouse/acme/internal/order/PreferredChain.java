package dev.gatehouse.acme.internal.order;

import dev.gatehouse.tls.SubjectName;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.shredzone.acme4j.Certificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses among the chains that an authority offers for a certificate (RFC 8555, section 7.4.2). */
final class PreferredChain {

    private static final Logger log = LoggerFactory.getLogger(AcmeOrders.class);

    /** An authority that offers more than these is not believed. */
    private static final int MAX_CHAINS = 8;

    private final AcmeSettings settings;

    PreferredChain(AcmeSettings settings) {
        this.settings = settings;
    }

    /** The chain that ends at the preferred root, or else the one that the authority gives by default. May block. */
    List<X509Certificate> of(Certificate certificate, SubjectName subject) {
        List<X509Certificate> usual = certificate.getCertificateChain();
        return settings.preferredChain()
                .map(root -> choose(root, usual, certificate, subject))
                .orElse(usual);
    }

    private List<X509Certificate> choose(
            String root, List<X509Certificate> usual, Certificate certificate, SubjectName subject) {
        if (endsAt(root, usual)) {
            return usual;
        }
        List<List<X509Certificate>> offered = new ArrayList<>(List.of(usual));
        for (Certificate alternate : certificate.getAlternateCertificates().stream()
                .limit(MAX_CHAINS)
                .toList()) {
            List<X509Certificate> chain = alternate.getCertificateChain();
            if (endsAt(root, chain)) {
                return chain;
            }
            offered.add(chain);
        }
        log.warn(
                "{}: no chain of {} ends at '{}'; the usual one is used. Those on offer end at {}.",
                subject,
                settings.title(),
                root,
                offered.stream().map(PreferredChain::rootOf).distinct().collect(Collectors.joining(", ")));
        return usual;
    }

    private static boolean endsAt(String root, List<X509Certificate> chain) {
        return !chain.isEmpty()
                && commonName(chain.get(chain.size() - 1).getIssuerX500Principal())
                        .equals(root);
    }

    private static String rootOf(List<X509Certificate> chain) {
        return chain.isEmpty()
                ? "nothing"
                : "'" + commonName(chain.get(chain.size() - 1).getIssuerX500Principal()) + "'";
    }

    /** The last certificate of a chain names its root as issuer, also where the root itself is left out. */
    private static String commonName(X500Principal principal) {
        RDN[] commonNames = X500Name.getInstance(principal.getEncoded()).getRDNs(BCStyle.CN);
        return commonNames.length == 0
                ? principal.getName()
                : IETFUtils.valueToString(commonNames[0].getFirst().getValue());
    }
}
