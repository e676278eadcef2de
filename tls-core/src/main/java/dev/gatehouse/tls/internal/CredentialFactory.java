package dev.gatehouse.tls.internal;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes credentials of parts that were read already, so that other packages of this module need not have them read a
 * second time. {@link Credential} puts its own way to do it here when it is initialised.
 */
@FunctionalInterface
public interface CredentialFactory {

    /**
     * Makes a credential.
     *
     * @param key the key of the leaf
     * @param certificates the leaf and its intermediates, in any order
     * @return the credential
     * @throws dev.gatehouse.tls.CredentialException if they do not fit together, or the leaf has no usable name
     */
    Credential make(EncodedPrivateKey key, List<EncodedCertificate> certificates);

    /** {@return the one factory} */
    static CredentialFactory get() {
        if (Holder.FACTORY.get() == null) {
            try {
                MethodHandles.lookup().ensureInitialized(Credential.class);
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException("Credential is public.", impossible);
            }
        }
        return Objects.requireNonNull(Holder.FACTORY.get(), "Credential sets it when it is initialised");
    }

    /**
     * Sets the one factory.
     *
     * @param factory the way to the constructor
     */
    static void set(CredentialFactory factory) {
        Holder.FACTORY.set(factory);
    }

    /** Where it is kept. */
    final class Holder {

        private static final AtomicReference<CredentialFactory> FACTORY = new AtomicReference<>();

        private Holder() {}
    }
}
