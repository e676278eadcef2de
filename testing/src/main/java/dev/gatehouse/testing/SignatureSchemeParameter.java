package dev.gatehouse.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** {@code SSLParameters.setSignatureSchemes}, which came with Java 19. */
final class SignatureSchemeParameter {
    private static final @Nullable Method SETTER = setter();

    private SignatureSchemeParameter() {}

    static void set(SSLParameters parameters, List<SignatureScheme> schemes) {
        if (SETTER == null) {
            throw new UnsupportedOperationException("TLS signature schemes can be chosen from Java 19 on; this is Java "
                    + Runtime.version().feature() + ". Use HelloProbe, which sends them on every version.");
        }
        try {
            Object names = schemes.stream().map(SignatureScheme::toString).toArray(String[]::new);
            SETTER.invoke(parameters, names);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("This JDK does not take the signature schemes " + schemes + ".", e);
        }
    }

    private static @Nullable Method setter() {
        try {
            return SSLParameters.class.getMethod("setSignatureSchemes", String[].class);
        } catch (NoSuchMethodException beforeJava19) {
            return null;
        }
    }
}
