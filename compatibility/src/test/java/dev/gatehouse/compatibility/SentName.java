package dev.gatehouse.compatibility;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What clients send as server name, and what becomes of it where the provider lets Gatehouse decide. */
enum SentName {
    EXACT("app.example.com", Host.APP),
    UPPER_CASE("APP.Example.COM", Host.APP),
    BELOW_WILDCARD("other.example.com", Host.WILDCARD),
    TOO_DEEP("a.b.example.com", Alert.UNRECOGNIZED_NAME),
    PARENT_OF_WILDCARD("example.com", Alert.UNRECOGNIZED_NAME),
    STRANGER("stranger.test", Alert.UNRECOGNIZED_NAME),
    /** RFC 6066 forbids the dot; a name is the same name with it. */
    TRAILING_DOT("app.example.com.", Host.APP),
    UNDERSCORE("my_app.example.org", Host.UNDERSCORE),
    UNDERSCORE_BELOW_WILDCARD("my_app.example.com", Host.WILDCARD),
    A_LABEL("xn--bcher-kva.example.org", Host.INTERNATIONAL),
    /** RFC 6066 wants the A-label; the U-label means the same name. */
    U_LABEL("bücher.example.org", Host.INTERNATIONAL),
    /** RFC 6066 forbids addresses. Whoever has a certificate for the address means to serve it. */
    SERVED_ADDRESS("192.0.2.7", Host.ADDRESS),
    OTHER_ADDRESS("192.0.2.8", Alert.UNRECOGNIZED_NAME),
    IPV6_ADDRESS("2001:db8::1", Alert.UNRECOGNIZED_NAME),
    EMPTY_LABEL("app..example.com", Alert.UNRECOGNIZED_NAME),
    HYPHEN("-", Alert.UNRECOGNIZED_NAME),
    SPACE(" ", Alert.UNRECOGNIZED_NAME),
    NUL("app.example.com\0", Alert.UNRECOGNIZED_NAME),
    MISSING(null, Alert.HANDSHAKE_FAILURE);

    private final @Nullable String text;
    private final Expected expected;

    SentName(@Nullable String text, Host shown) {
        this.text = text;
        this.expected = Expected.showing(shown);
    }

    SentName(@Nullable String text, Alert alert) {
        this.text = text;
        this.expected = Expected.refusal(alert);
    }

    byte @Nullable [] bytes() {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The table: the rule, and where a provider decides before Gatehouse does. */
    Expected expected(TlsStack stack, String version) {
        boolean isTls13 = version.equals("TLSv1.3");
        if (stack.isGate() && expected.shown() == null) {
            return Expected.refusal(Alert.UNRECOGNIZED_NAME);
        }
        if (stack.isJdk() && isIllegalForJsse()) {
            return Expected.refusal(Alert.ILLEGAL_PARAMETER);
        }
        if (stack.isBouncyCastle() && isIllegalForJsse()) {
            return Expected.refusal(Alert.INTERNAL_ERROR);
        }
        if (stack.isConscrypt()) {
            return expectedOfConscrypt(stack, isTls13);
        }
        if (stack == TlsStack.NETTY_OPENSSL && this == MISSING) {
            return Expected.refusal(Alert.INTERNAL_ERROR);
        }
        return expected;
    }

    /** What {@link javax.net.ssl.SNIHostName} refuses, so that no matcher and no key manager is asked. */
    private boolean isIllegalForJsse() {
        return switch (this) {
            case TRAILING_DOT, UNDERSCORE, UNDERSCORE_BELOW_WILDCARD, IPV6_ADDRESS, EMPTY_LABEL, HYPHEN, SPACE, NUL ->
                true;
            default -> false;
        };
    }

    /** It has another alert for what a matcher refuses, and does not ask the matcher about names that it finds invalid. */
    private Expected expectedOfConscrypt(TlsStack stack, boolean isTls13) {
        return switch (this) {
            case TOO_DEEP, PARENT_OF_WILDCARD, STRANGER -> Expected.refusal(Alert.HANDSHAKE_FAILURE);
            case UNDERSCORE, UNDERSCORE_BELOW_WILDCARD, EMPTY_LABEL ->
                // An exception flies out of the engine, and a server closes the connection.
                Expected.refusal(stack == TlsStack.CONSCRYPT_SOCKET ? Alert.HANDSHAKE_FAILURE : Alert.NONE);
            case TRAILING_DOT -> stack.isGate() ? expected : refusalByKeyManager(isTls13);
            case OTHER_ADDRESS, IPV6_ADDRESS, HYPHEN, SPACE, MISSING -> refusalByKeyManager(isTls13);
            default -> expected;
        };
    }

    private static Expected refusalByKeyManager(boolean isTls13) {
        return Expected.refusal(isTls13 ? Alert.INTERNAL_ERROR : Alert.HANDSHAKE_FAILURE);
    }
}
