package dev.gatehouse.testing.internal.pki;

import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.WildcardName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.jspecify.annotations.Nullable;

/** Names in certificates and in certificate signing requests. */
public final class SubjectAlternativeNames {

    private SubjectAlternativeNames() {}

    /**
     * Makes the extension value for names and addresses.
     *
     * @param names exact names, wildcard names and IP addresses, in any spelling
     * @param literalNames DNS names that are written as they are
     * @return the value, each name once
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is none of these
     */
    static GeneralNames of(Collection<String> names, Collection<String> literalNames) {
        Set<GeneralName> distinct = new LinkedHashSet<>();
        for (String name : names) {
            distinct.add(generalName(name));
        }
        for (String name : literalNames) {
            distinct.add(new GeneralName(GeneralName.dNSName, name));
        }
        return new GeneralNames(distinct.toArray(GeneralName[]::new));
    }

    /**
     * Lists the names that a certificate signing request asks for.
     *
     * @param requested the requested extensions, null for none
     * @return DNS names and IP addresses, normalised; a name of any other kind stands as {@code kind:value}
     * @throws dev.gatehouse.tls.InvalidNameException if a name is malformed
     */
    public static Set<String> in(@Nullable Extensions requested) {
        Set<String> names = new LinkedHashSet<>();
        GeneralNames value =
                requested == null ? null : GeneralNames.fromExtensions(requested, Extension.subjectAlternativeName);
        if (value != null) {
            for (GeneralName name : value.getNames()) {
                names.add(text(name));
            }
        }
        return names;
    }

    /**
     * Lists the names in a certificate.
     *
     * @param certificate any certificate
     * @return DNS names and IP addresses, normalised; a name of any other kind stands as {@code kind:value}
     * @throws IllegalArgumentException if a name, or the extension, is malformed
     */
    public static Set<String> of(X509Certificate certificate) {
        try {
            return in(new JcaX509CertificateHolder(certificate).getExtensions());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("The certificate cannot be read again. Use another.", e);
        }
    }

    /** {@return the one spelling of a name: exact, wildcard or IP address} */
    public static String normalize(String name) {
        return WildcardName.isWildcard(name)
                ? WildcardName.of(name).value()
                : ServerName.of(name).value();
    }

    private static GeneralName generalName(String name) {
        String normalized = normalize(name);
        boolean address = !WildcardName.isWildcard(name) && ServerName.of(name).isIpAddress();
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, normalized);
    }

    private static String text(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> dnsName(name.getName().toString());
            case GeneralName.iPAddress ->
                address(ASN1OctetString.getInstance(name.getName()).getOctets());
            default -> name.getTagNo() + ":" + name.getName();
        };
    }

    /** An address as a DNS name is neither: clients compare it with no address. */
    private static String dnsName(String name) {
        String normalized = normalize(name);
        boolean address = !WildcardName.isWildcard(name) && ServerName.of(name).isIpAddress();
        return address ? GeneralName.dNSName + ":" + normalized : normalized;
    }

    private static String address(byte[] octets) {
        try {
            return normalize(InetAddress.getByAddress(octets).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "An IP address of " + octets.length + " bytes is not an address. Use 4 or 16 bytes.", e);
        }
    }
}
