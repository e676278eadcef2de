package dev.gatehouse.testing;

import java.io.InputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The revocation lists that certificates name. */
final class Crls {

    private Crls() {}

    static CertStore of(List<X509Certificate> chain) throws GeneralSecurityException {
        List<X509CRL> lists = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            lists.add(fetch(address(certificate)));
        }
        return CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists));
    }

    static X509CRL fetch(URI address) {
        try (InputStream in = address.toURL().openStream()) {
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
        } catch (Exception e) {
            throw new AssertionError("No list at " + address, e);
        }
    }

    private static URI address(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
        CRLDistPoint points =
                CRLDistPoint.getInstance(ASN1OctetString.getInstance(extension).getOctets());
        GeneralNames names = (GeneralNames)
                points.getDistributionPoints()[0].getDistributionPoint().getName();
        return URI.create(names.getNames()[0].getName().toString());
    }
}
