package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** The curves of TLS 1.3 (RFC 8446, section 4.2.3), by their object identifiers. */
enum NamedCurve {
    P256("P-256", "2a8648ce3d030107"),
    P384("P-384", "2b81040022"),
    P521("P-521", "2b81040023");

    private static final NamedCurve[] ALL = values();

    private final X9ECParameters parameters;
    private final byte[] oid;

    NamedCurve(String name, String oid) {
        this.parameters = CustomNamedCurves.getByName(name);
        this.oid = HexFormat.of().parseHex(oid);
    }

    /** The parameters of an EC key's algorithm; the reader stands before them. */
    static NamedCurve of(DerReader parameters) {
        if (parameters.isAt(DerReader.OBJECT_IDENTIFIER)) {
            byte[] oid = parameters.content(DerReader.OBJECT_IDENTIFIER);
            for (NamedCurve curve : ALL) {
                if (Arrays.equals(curve.oid, oid)) {
                    return curve;
                }
            }
        }
        throw new CredentialException("The private key is on a curve that TLS 1.3 does not have, or does not name its"
                + " curve. Make a key on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }

    X9ECParameters parameters() {
        return parameters;
    }
}
