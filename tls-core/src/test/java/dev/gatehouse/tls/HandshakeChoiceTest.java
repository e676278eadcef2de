package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandshakeChoiceTest {

    private static final String NAME = "app.example.com";
    private static final String ECDSA = "SHA256withECDSA";
    private static final String RSA = "SHA256withRSA";

    private final CertificateIndex index = CertificateIndex.create();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final RecentlyChosen recentlyChosen = new RecentlyChosen(now::get);
    private final HandshakeChoice choice = new HandshakeChoice(
            BoundedWait.on(
                    hello -> {
                        questions.incrementAndGet();
                        return index.resolve(hello);
                    },
                    Duration.ofSeconds(1),
                    1,
                    new RefusalLog(now::get, refusal -> {})),
            recentlyChosen);

    @Test
    void inTls13TheBestCredentialIsTheOnlyAnswer() {
        Credential ec = added(Certificates.ec(NAME));
        added(Certificates.rsa(NAME));
        FakeHandshakeSession handshake = new FakeHandshakeSession("TLSv1.3", NAME, RSA, ECDSA);

        assertThat(alias(KeyType.RSA, handshake, ProviderDisclosure.COMPLETE)).isEmpty();
        assertThat(alias(KeyType.EDDSA, handshake, ProviderDisclosure.COMPLETE)).isEmpty();
        assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.COMPLETE)).contains(ec.id());
        assertThat(questions).hasValue(1);
    }

    @Test
    void inTls12TheCipherSuiteDecidesAmongTheBestOfEachType() {
        Credential ec = added(Certificates.ec(NAME));
        Credential rsa = added(Certificates.rsa(NAME));
        FakeHandshakeSession handshake = new FakeHandshakeSession("TLSv1.2", NAME, RSA, ECDSA);

        for (int suite = 0; suite < 10; suite++) {
            assertThat(alias(KeyType.EDDSA, handshake, ProviderDisclosure.COMPLETE))
                    .isEmpty();
            assertThat(alias(KeyType.RSA, handshake, ProviderDisclosure.COMPLETE))
                    .contains(rsa.id());
            assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.COMPLETE))
                    .contains(ec.id());
        }
        assertThat(questions).hasValue(2);
    }

    @Test
    void credentialThatTheClientCannotVerifyIsNotShown() {
        added(Certificates.ec(NAME));
        FakeHandshakeSession handshake = new FakeHandshakeSession("TLSv1.2", NAME, RSA);

        assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.COMPLETE)).isEmpty();
        assertThat(alias(KeyType.RSA, handshake, ProviderDisclosure.COMPLETE)).isEmpty();
        assertThat(questions).hasValue(1);
    }

    @Test
    void whereNothingIsKnownOfTheClientTheRsaCredentialIsTheOnlyAnswer() {
        added(Certificates.ec(NAME));
        Credential rsa = added(Certificates.rsa(NAME));
        FakeHandshakeSession handshake = new FakeHandshakeSession("TLSv1.2", NAME, ECDSA);

        assertThat(alias(KeyType.RSA, handshake, ProviderDisclosure.SERVER_NAME_ONLY))
                .contains(rsa.id());
        assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.SERVER_NAME_ONLY))
                .isEmpty();
    }

    @Test
    void whereCipherSuitesAreNotKnownTheSignatureAlgorithmsStillCount() {
        Credential ec = added(Certificates.ec(NAME));
        added(Certificates.rsa(NAME));
        FakeHandshakeSession handshake = new FakeHandshakeSession("TLSv1.2", NAME, ECDSA);

        assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.WITHOUT_CIPHER_SUITES))
                .contains(ec.id());
        assertThat(alias(KeyType.RSA, handshake, ProviderDisclosure.WITHOUT_CIPHER_SUITES))
                .isEmpty();
    }

    @Test
    void sessionThatIsCachedDoesNotHoldTheCredential() {
        FakeHandshakeSession cached = new FakeHandshakeSession("TLSv1.2", NAME, ECDSA);
        WeakReference<Credential> replaced = chosenAndRemoved(cached);
        now.set(now.get().plus(RecentlyChosen.LIFETIME.multipliedBy(3)));
        recentlyChosen.remember(Certificates.ec("other.example.com"));
        now.set(now.get().plus(RecentlyChosen.LIFETIME.multipliedBy(3)));
        recentlyChosen.remember(Certificates.ec("other.example.com"));

        await().until(() -> {
            System.gc();
            return replaced.get() == null;
        });
        assertThat(cached.getValueNames()).hasSize(1);
    }

    private WeakReference<Credential> chosenAndRemoved(FakeHandshakeSession handshake) {
        Credential credential = added(Certificates.ec(NAME));
        assertThat(alias(KeyType.EC, handshake, ProviderDisclosure.COMPLETE)).contains(credential.id());
        index.remove(credential);
        return new WeakReference<>(credential);
    }

    private Optional<String> alias(KeyType keyType, FakeHandshakeSession handshake, ProviderDisclosure disclosure) {
        return choice.alias(keyType, handshake, disclosure);
    }

    private Credential added(Credential credential) {
        index.add(credential);
        return credential;
    }
}
