package dev.gatehouse.testing.internal.acme.issuance;

import dev.gatehouse.testing.internal.acme.wire.Base64Url;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.pki.SubjectAlternativeNames;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A certificate signing request (RFC 2986) whose own signature is good. */
public final class SigningRequest {
    private static final int RSA_SMALLEST = 2048;
    private static final int RSA_LARGEST = 4096;

    private static final Set<String> OUTDATED_SIGNATURES = Set.of(
            PKCSObjectIdentifiers.md5WithRSAEncryption.getId(),
            PKCSObjectIdentifiers.sha1WithRSAEncryption.getId(),
            X9ObjectIdentifiers.ecdsa_with_SHA1.getId());

    private final PublicKey key;
    private final Set<String> names;

    private SigningRequest(PublicKey key, Set<String> names) {
        this.key = key;
        this.names = names;
    }

    /**
     * Reads a signing request.
     *
     * @param base64url its DER form, base64url without padding
     * @return the request
     * @throws ProblemException {@code malformed} when it is not encoded so, {@code badCSR} when it is unreadable or not well
     *     signed with its own key
     */
    public static SigningRequest parse(String base64url) throws ProblemException {
        byte[] encoded = Base64Url.decode(base64url, "Payload: member 'csr'");
        try {
            JcaPKCS10CertificationRequest csr = new JcaPKCS10CertificationRequest(encoded);
            if (OUTDATED_SIGNATURES.contains(
                    csr.getSignatureAlgorithm().getAlgorithm().getId())) {
                throw bad("It is signed by way of MD5 or SHA-1. Sign it with SHA-256 or better.");
            }
            PublicKey key = csr.getPublicKey();
            if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw bad("It is not signed with its own key. Sign it with the private key of the certificate.");
            }
            return new SigningRequest(key, names(csr));
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            throw bad("It cannot be read (" + Text.reason(e)
                    + "). Send a PKCS #10 request in DER form, base64url without padding.");
        }
    }

    /** {@return the key to be certified} */
    public PublicKey key() {
        return key;
    }

    /**
     * Insists on exactly the names of an order.
     *
     * @param identifiers the identifiers of the order
     * @throws ProblemException {@code badCSR} that tells both sets
     */
    public void requireNames(Collection<Identifier> identifiers) throws ProblemException {
        Set<String> ordered =
                identifiers.stream().map(Identifier::value).collect(Collectors.toCollection(TreeSet::new));
        if (!names.equals(ordered)) {
            throw bad("It asks for " + names + ", the order is for " + ordered
                    + ". Ask for the same names, as subject alternative names.");
        }
    }

    /**
     * Insists on a key that a public CA would certify, and that is not the account's.
     *
     * @param accountKey the key of the account
     * @throws ProblemException {@code badCSR}
     */
    public void requireGoodKey(PublicKey accountKey) throws ProblemException {
        if (key.equals(accountKey)) {
            throw bad("Its key is the key of the account. Make a key of its own for the certificate.");
        }
        if (!isStrong()) {
            throw bad("Its key is not accepted. Use EC on P-256 or P-384, Ed25519, or RSA with " + RSA_SMALLEST + " to "
                    + RSA_LARGEST + " bits.");
        }
    }

    private boolean isStrong() {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            return bits >= RSA_SMALLEST && bits <= RSA_LARGEST;
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return bits == 256 || bits == 384;
        }
        return key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519");
    }

    private static Set<String> names(JcaPKCS10CertificationRequest csr) {
        Set<String> names = new TreeSet<>(SubjectAlternativeNames.in(csr.getRequestedExtensions()));
        for (RDN commonName : csr.getSubject().getRDNs(BCStyle.CN)) {
            names.add(SubjectAlternativeNames.normalize(
                    IETFUtils.valueToString(commonName.getFirst().getValue())));
        }
        return names;
    }

    private static ProblemException bad(String detail) {
        return Problem.of(ProblemType.BAD_CSR, "The certificate signing request is refused. " + detail)
                .exception();
    }
}
