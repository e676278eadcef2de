package dev.gatehouse.testing.conformance;

import java.security.Key;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** A JWS of which every part can be bent before it is signed. */
final class Jws {
    private final Map<String, Object> header = new LinkedHashMap<>();
    private String payload = "";

    Jws with(String name, Object value) {
        header.put(name, value);
        return this;
    }

    Jws without(String name) {
        header.remove(name);
        return this;
    }

    Jws payload(Map<String, ?> json) {
        return payload(JsonUtil.toJson(json));
    }

    Jws payload(String text) {
        payload = text;
        return this;
    }

    Object header(String name) {
        return header.get(name);
    }

    /** Signs, and returns the members of the flattened JSON form. */
    Map<String, Object> sign(Key key) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(payload);
            header.forEach(signature.getHeaders()::setObjectHeaderValue);
            signature.setKey(key);
            signature.setDoKeyValidation(false);
            String[] parts = signature.getCompactSerialization().split("\\.", -1);
            Map<String, Object> jws = new LinkedHashMap<>();
            jws.put("protected", parts[0]);
            jws.put("payload", parts[1]);
            jws.put("signature", parts[2]);
            return jws;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, Object> jwk(KeyPair key) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(key.getPublic()).toParams(OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String thumbprint(KeyPair key) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(key.getPublic())
                    .calculateBase64urlEncodedThumbprint("SHA-256");
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
