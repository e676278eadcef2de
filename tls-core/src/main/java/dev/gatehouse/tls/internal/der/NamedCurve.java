package dev.gatehouse.tls.internal.der;

import dev.gatehouse.tls.CredentialException;
import java.util.HexFormat;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.jspecify.annotations.Nullable;

/** The curves of TLS 1.3 (RFC 8446, section 4.2.3), which every JVM has, by their object identifiers. */
enum NamedCurve {
    P256("P-256", "2a8648ce3d030107"),
    P384("P-384", "2b81040022"),
    P521("P-521", "2b81040023");

    private static final NamedCurve[] ALL = values();

    private final String name;
    private final byte[] oid;
    private volatile @Nullable BasePoint basePoint;

    NamedCurve(String name, String oid) {
        this.name = name;
        this.oid = HexFormat.of().parseHex(oid);
    }

    /** The parameters of an EC key's algorithm; the reader stands before them. */
    static NamedCurve of(DerReader parameters) {
        if (parameters.isAt(DerReader.OBJECT_IDENTIFIER)) {
            DerReader given = parameters.enter(DerReader.OBJECT_IDENTIFIER);
            for (NamedCurve curve : ALL) {
                if (given.contentEquals(curve.oid)) {
                    return curve;
                }
            }
        }
        throw new CredentialException("The private key is on a curve that TLS 1.3 does not have, or does not name its"
                + " curve. Make a key on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }

    /** Made when first asked for; threads that ask at once may make it twice. */
    BasePoint basePoint() {
        BasePoint known = basePoint;
        if (known == null) {
            known = BasePoint.of(CustomNamedCurves.getByName(name));
            basePoint = known;
        }
        return known;
    }
}
