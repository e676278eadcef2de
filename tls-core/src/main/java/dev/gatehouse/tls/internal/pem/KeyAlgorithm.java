package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** The algorithms of private keys that servers can use, by their object identifiers. */
enum KeyAlgorithm {
    RSA("RSA", "2a864886f70d010101"),
    EC("EC", "2a8648ce3d0201"),
    ED25519("EdDSA", "2b6570"),
    ED448("EdDSA", "2b6571");

    private static final KeyAlgorithm[] ALL = values();

    private static final Map<String, String> UNUSABLE =
            Map.of("2a864886f70d01010a", "RSASSA-PSS", "2a8648ce380401", "DSA", "2b656e", "X25519", "2b656f", "X448");

    private final String jcaName;
    private final byte[] oid;

    KeyAlgorithm(String jcaName, String oid) {
        this.jcaName = jcaName;
        this.oid = HexFormat.of().parseHex(oid);
    }

    static KeyAlgorithm of(byte[] oid) {
        for (KeyAlgorithm algorithm : ALL) {
            if (algorithm.hasOid(oid)) {
                return algorithm;
            }
        }
        String hex = HexFormat.of().formatHex(oid);
        throw new CredentialException("The private key is for " + UNUSABLE.getOrDefault(hex, "object identifier " + hex)
                + ", which TLS servers cannot use with every client. Make an EC key:"
                + " openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }

    boolean hasOid(byte[] other) {
        return Arrays.equals(oid, other);
    }

    byte[] oid() {
        return oid.clone();
    }

    String jcaName() {
        return jcaName;
    }
}
