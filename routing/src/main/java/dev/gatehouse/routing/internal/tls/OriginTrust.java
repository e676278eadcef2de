package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.answer.Printable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts an origin whose certificate is trusted, valid and made out to the name that the engine was made for. What it says
 * about one that it does not accept fits into a log line.
 */
final class OriginTrust extends OriginTrustManager {

    private static final int MAX_NAMES_SHOWN = 10;

    private final X509ExtendedTrustManager chains;

    /**
     * Makes it.
     *
     * @param chains decides about chains, without regard to names
     */
    OriginTrust(X509ExtendedTrustManager chains) {
        this.chains = chains;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        if (engine == null || engine.getPeerHost() == null) {
            throw new CertificateException("the name of the origin is not known");
        }
        requireValidity(chain[0], "a certificate");
        try {
            chains.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw explained(chain, refused);
        }
        requireName(chain[0], engine.getPeerHost());
    }

    /** Of the leaf it is looked at here, since the JDK does not where that is trusted itself. */
    private static void requireValidity(X509Certificate certificate, String whose) throws OriginRefusedException {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new OriginRefusedException(
                    "shows " + whose + " that expired at "
                            + certificate.getNotAfter().toInstant(),
                    "Renew it",
                    expired);
        } catch (CertificateNotYetValidException early) {
            throw new OriginRefusedException(
                    "shows " + whose + " that is valid from "
                            + certificate.getNotBefore().toInstant() + " on only",
                    "See whether the clocks are right",
                    early);
        }
    }

    /** A chain may have certificates that nobody needs; so the others matter only now that it was not accepted. */
    private static OriginRefusedException explained(X509Certificate[] chain, CertificateException refused)
            throws OriginRefusedException {
        for (X509Certificate issuer : List.of(chain).subList(1, chain.length)) {
            requireValidity(issuer, "a certificate of its issuer");
        }
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                String issuer = chain[chain.length - 1].getIssuerX500Principal().getName();
                return new OriginRefusedException(
                        "shows a certificate that is not trusted: nobody here knows its issuer " + printable(issuer),
                        "Trust that one, or have the target send its whole chain",
                        refused);
            }
        }
        return new OriginRefusedException(
                "shows a certificate that is not accepted (" + refused.getMessage() + ")",
                "Give it another one",
                refused);
    }

    private static void requireName(X509Certificate certificate, String name) throws CertificateException {
        ServerIdentity identity = ServerIdentity.of(certificate);
        if (!identity.covers(name)) {
            throw new OriginRefusedException(
                    "shows a certificate that is not for " + name + ", but for " + shown(identity.names()),
                    "Set the server name of the target's TLS to one of those, or give the target another certificate",
                    null);
        }
    }

    private static String shown(List<String> names) {
        if (names.isEmpty()) {
            return "nobody, since it has no subject alternative names";
        }
        String first = names.stream().limit(MAX_NAMES_SHOWN).map(Printable::of).collect(Collectors.joining(", "));
        return names.size() <= MAX_NAMES_SHOWN ? first : first + " and " + (names.size() - MAX_NAMES_SHOWN) + " more";
    }

    private static String printable(String distinguishedName) {
        return Printable.of(distinguishedName.replace(' ', '_')).replace('_', ' ');
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
