package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.table.HostName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The names for which a server's certificate speaks (RFC 9525): those of its subject alternative name and no others, a
 * wildcard standing for exactly one label, the left-most. The JDK's check is not used, since it also takes the common name
 * and, in older versions, wildcards elsewhere.
 */
final class ServerIdentity {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final List<String> dnsNames = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    private ServerIdentity(@Nullable Collection<List<?>> names) {
        if (names == null) {
            return;
        }
        for (List<?> name : names) {
            if (name.get(0).equals(DNS_NAME)) {
                dnsNames.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
            } else if (name.get(0).equals(IP_ADDRESS)) {
                addresses.add(address(String.valueOf(name.get(1))));
            }
        }
    }

    static ServerIdentity of(X509Certificate certificate) throws CertificateParsingException {
        return new ServerIdentity(certificate.getSubjectAlternativeNames());
    }

    private static String address(String text) {
        String normal = text.indexOf(':') < 0 ? text : HostName.normalize("[" + text + "]");
        return normal == null ? text : normal;
    }

    /** Whether a host in its normal form is one of the names. */
    boolean covers(String host) {
        if (host.startsWith("[") || HostName.isIpv4(host)) {
            return addresses.contains(host);
        }
        int dot = host.indexOf('.');
        return dnsNames.contains(host) || (dot > 0 && dnsNames.contains("*" + host.substring(dot)));
    }

    List<String> names() {
        List<String> all = new ArrayList<>(dnsNames);
        all.addAll(addresses);
        return all;
    }
}
