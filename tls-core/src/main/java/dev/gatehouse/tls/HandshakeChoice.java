package dev.gatehouse.tls;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.net.ssl.ExtendedSSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the credential of a handshake, by the key type that a provider asks for. Providers ask for each type, and the JDK
 * in TLS 1.2 again for each cipher suite, up to 54 times. So the answers, negative ones too, are kept in the handshake's
 * session, and the resolver is asked twice at most. (Conscrypt forgets them, but asks for two types only.)
 *
 * <p>What is kept is the aliases, for the session may be cached for a day, and must not hold credentials that long.
 * That something is kept has a good side: the JDK makes no stateless ticket of a session that holds a value, so that JDK 25,
 * which would refuse such a ticket without having asked for the server name, finds the session in its cache and resumes it.
 *
 * <p>Where the provider discloses what the client can use, the best credential is the only answer, or in TLS 1.2 the best
 * of each type, since the cipher suite decides there. Where it does not, the RSA credential is the only answer if there is
 * one, since nearly every client can use it: a host that has both kinds has them for the sake of such clients.
 */
final class HandshakeChoice {

    private static final String SESSION_VALUE = HandshakeChoice.class.getName();

    private final BoundedWait wait;
    private final RecentlyChosen recentlyChosen;

    HandshakeChoice(BoundedWait wait, RecentlyChosen recentlyChosen) {
        this.wait = wait;
        this.recentlyChosen = recentlyChosen;
    }

    /** Returns the alias of the credential to be shown, or empty if it is not one with such a key. */
    Optional<String> alias(KeyType keyType, ExtendedSSLSession handshake, ProviderDisclosure disclosure) {
        Answers answers = answersIn(handshake, disclosure);
        Optional<String> known = answers.get(keyType);
        if (known != null) {
            return known;
        }
        ClientHello hello = HandshakeHello.of(handshake, disclosure);
        return answers.put(keyType, restrictedTo(keyType, hello).map(recentlyChosen::remember));
    }

    private Answers answersIn(ExtendedSSLSession handshake, ProviderDisclosure disclosure) {
        if (handshake.getValue(SESSION_VALUE) instanceof Answers kept) {
            return kept;
        }
        Answers answers = decide(handshake, disclosure);
        handshake.putValue(SESSION_VALUE, answers);
        return answers;
    }

    private Answers decide(ExtendedSSLSession handshake, ProviderDisclosure disclosure) {
        ClientHello hello = HandshakeHello.of(handshake, disclosure);
        Optional<Credential> best = wait.resolve(hello)
                .filter(credential -> !disclosure.tellsCipherSuites() || hello.canVerify(credential));
        if (best.isEmpty() || disclosure.tellsKeyTypes(handshake.getProtocol())) {
            return only(best);
        }
        if (disclosure.tellsCipherSuites()) {
            Answers answers = new Answers();
            answers.put(best.get().keyType(), best.map(recentlyChosen::remember));
            return answers;
        }
        return only(best.filter(credential -> credential.keyType() == KeyType.RSA)
                .or(() -> restrictedTo(KeyType.RSA, hello))
                .or(() -> best));
    }

    private Answers only(Optional<Credential> credential) {
        Answers answers = new Answers();
        for (KeyType keyType : KeyType.values()) {
            answers.put(
                    keyType,
                    credential.filter(chosen -> chosen.keyType() == keyType).map(recentlyChosen::remember));
        }
        return answers;
    }

    private Optional<Credential> restrictedTo(KeyType keyType, ClientHello hello) {
        return hello.verifyingOnly(keyType)
                .flatMap(wait::resolveAnother)
                .filter(credential -> credential.keyType() == keyType);
    }

    /** Aliases by key type; null where nobody has asked yet. */
    private static final class Answers {

        private final AtomicReferenceArray<@Nullable Optional<String>> byKeyType =
                new AtomicReferenceArray<>(KeyType.values().length);

        @Nullable
        Optional<String> get(KeyType keyType) {
            return byKeyType.get(keyType.ordinal());
        }

        Optional<String> put(KeyType keyType, Optional<String> alias) {
            byKeyType.set(keyType.ordinal(), alias);
            return alias;
        }
    }
}
