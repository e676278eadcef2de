package dev.gatehouse.testing.internal.pki;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate of a server or a client says about its holder.
 *
 * @param names exact names, wildcard names and IP addresses, which are checked and normalised
 * @param literalNames DNS names that are written as they are
 * @param commonName common name of the subject, null for an empty subject
 * @param forClients whether it is good for clients in place of servers
 * @param revocation where its state can be had
 * @param mustStaple whether servers have to staple an OCSP response (RFC 7633)
 * @param unknownCriticalExtension whether there is an extension that nobody knows and everybody has to
 */
public record LeafTerms(
        List<String> names,
        List<String> literalNames,
        @Nullable String commonName,
        boolean forClients,
        RevocationSources revocation,
        boolean mustStaple,
        boolean unknownCriticalExtension) {
    private static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");
    private static final int STATUS_REQUEST = 5;
    /** Below the arc that is set aside for examples. */
    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("2.999.1");

    /** Takes copies. */
    public LeafTerms {
        names = List.copyOf(names);
        literalNames = List.copyOf(literalNames);
    }

    /** {@return what most servers' certificates say} */
    public static LeafTerms server(List<String> names) {
        return new LeafTerms(names, List.of(), null, false, RevocationSources.NONE, false, false);
    }

    /** {@return the terms with DNS names that are written as they are, in place of others} */
    public static LeafTerms literally(List<String> dnsNames) {
        return new LeafTerms(List.of(), dnsNames, null, false, RevocationSources.NONE, false, false);
    }

    /** {@return what a client's certificate says, whose subject names it} */
    public static LeafTerms client(String commonName) {
        return new LeafTerms(List.of(), List.of(), commonName, true, RevocationSources.NONE, false, false);
    }

    /** {@return a server's certificate that names it in the subject only} */
    public static LeafTerms commonNameOnly(String commonName) {
        return new LeafTerms(List.of(), List.of(), commonName, false, RevocationSources.NONE, false, false);
    }

    /** {@return the terms with a subject} */
    public LeafTerms withCommonName(String name) {
        return new LeafTerms(names, literalNames, name, forClients, revocation, mustStaple, unknownCriticalExtension);
    }

    /** {@return the terms for clients} */
    public LeafTerms forClientsOnly() {
        return new LeafTerms(names, literalNames, commonName, true, revocation, mustStaple, unknownCriticalExtension);
    }

    /** {@return the terms with an extension that no reader understands} */
    public LeafTerms withUnknownCriticalExtension() {
        return new LeafTerms(names, literalNames, commonName, forClients, revocation, mustStaple, true);
    }

    /** {@return the terms with places where the state can be had} */
    public LeafTerms with(RevocationSources sources, boolean staple) {
        return new LeafTerms(names, literalNames, commonName, forClients, sources, staple, unknownCriticalExtension);
    }

    X500Name subject() {
        return commonName == null ? Issuer.NOBODY : Issuer.named(commonName);
    }

    List<Extension> extensions(PublicKey key) {
        List<Extension> extensions = new ArrayList<>(
                Extensions.leaf(key, forClients ? KeyPurposeId.id_kp_clientAuth : KeyPurposeId.id_kp_serverAuth));
        if (!names.isEmpty() || !literalNames.isEmpty()) {
            // Critical where the subject is empty (RFC 5280 section 4.2.1.6).
            extensions.add(Extensions.of(
                    Extension.subjectAlternativeName,
                    commonName == null,
                    SubjectAlternativeNames.of(names, literalNames)));
        }
        extensions.addAll(revocation.extensions());
        if (mustStaple) {
            extensions.add(Extensions.of(TLS_FEATURE, false, new DERSequence(new ASN1Integer(STATUS_REQUEST))));
        }
        if (unknownCriticalExtension) {
            extensions.add(Extensions.of(UNKNOWN, true, DERNull.INSTANCE));
        }
        return extensions;
    }
}
