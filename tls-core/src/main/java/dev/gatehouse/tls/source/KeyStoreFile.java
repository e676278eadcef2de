package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The private keys of a key store with their chains. */
record KeyStoreFile(List<Found> found, @Nullable String problem) {

    /** Opens key stores; how one is encoded is seen from its first bytes. */
    record Format(Supplier<char[]> password, Supplier<char[]> keyPassword) implements FileFormat<KeyStoreFile> {

        private static final int JKS = 0xfeedfeed;
        private static final int JCEKS = 0xcececece;

        @Override
        public KeyStoreFile parse(Path file, byte[] content) {
            try {
                KeyStore store = KeyStore.getInstance(type(content));
                store.load(new ByteArrayInputStream(content), password.get());
                List<Found> found = entries(file, store);
                return found.isEmpty()
                        ? unreadable(file, "The key store has no private key. Import one with its certificate chain.")
                        : new KeyStoreFile(found, null);
            } catch (CredentialException unusable) {
                return unreadable(file, String.valueOf(unusable.getMessage()));
            } catch (IOException | GeneralSecurityException | RuntimeException unusable) {
                return unreadable(file, whyNot(unusable));
            }
        }

        @Override
        public KeyStoreFile unreadable(Path file, String problem) {
            return new KeyStoreFile(List.of(), problem);
        }

        @Override
        public boolean isWorthAnotherTry(KeyStoreFile content) {
            return content.problem() != null;
        }

        private static String type(byte[] content) {
            int magic = 0;
            for (int i = 0; i < Math.min(Integer.BYTES, content.length); i++) {
                magic = magic << Byte.SIZE | content[i] & 0xff;
            }
            return magic == JKS ? "JKS" : magic == JCEKS ? "JCEKS" : "PKCS12";
        }

        private List<Found> entries(Path file, KeyStore store) throws GeneralSecurityException {
            List<Found> entries = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    entries.add(entry(file, store, alias));
                }
            }
            return List.copyOf(entries);
        }

        private Found entry(Path file, KeyStore store, String alias) throws GeneralSecurityException {
            String place = file + " entry '" + alias + "'";
            Key key = store.getKey(alias, keyPassword.get());
            List<X509Certificate> chain = chain(store, alias);
            byte[] encoded = key instanceof PrivateKey ? key.getEncoded() : null;
            if (encoded == null || chain.isEmpty()) {
                throw new CredentialException("Entry '" + alias
                        + "' is not a private key with its certificate chain. Remove it, or import it with its chain.");
            }
            return new Found(place, digest(chain), null, () -> Credential.ofDer(encoded, encoded(chain)));
        }

        private static List<X509Certificate> chain(KeyStore store, String alias) throws KeyStoreException {
            List<X509Certificate> chain = new ArrayList<>();
            Certificate[] certificates = store.getCertificateChain(alias);
            for (Certificate certificate : certificates == null ? new Certificate[0] : certificates) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            return chain;
        }

        private static Digest digest(List<X509Certificate> chain) {
            return Digest.ofAll(encoded(chain).stream().map(Digest::of).toList());
        }

        private static List<byte[]> encoded(List<X509Certificate> chain) {
            List<byte[]> encoded = new ArrayList<>(chain.size());
            for (X509Certificate certificate : chain) {
                try {
                    encoded.add(certificate.getEncoded());
                } catch (CertificateEncodingException unencodable) {
                    throw new CredentialException("A certificate cannot be encoded. Issue it anew.", unencodable);
                }
            }
            return encoded;
        }

        private static String whyNot(Exception unusable) {
            if (unusable instanceof UnrecoverableKeyException) {
                return "The password of a key does not open it. Check it; it may differ from that of the store.";
            }
            if (unusable.getCause() instanceof UnrecoverableKeyException) {
                return "The password does not open the key store. Check the password.";
            }
            return "The key store cannot be read (" + unusable.getMessage()
                    + "). It should be PKCS #12, JKS or JCEKS, and complete.";
        }
    }
}
