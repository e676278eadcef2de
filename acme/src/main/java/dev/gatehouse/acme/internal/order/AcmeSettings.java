package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CaLimits;
import dev.gatehouse.acme.CertificateKey;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an issuer, checked one by one.
 *
 * @param directory where the authority is
 * @param contacts e-mail addresses for it
 * @param termsAgreed whether its terms of service are agreed to
 * @param trustedRoots the roots to trust; the JVM's if there are none
 * @param externalAccount what the account is bound to
 * @param profile the profile of all orders
 * @param preferredChain the common name of the root that chains are to end at
 * @param key the kind of keys of all certificates
 * @param reusesKey whether a renewed certificate keeps its key
 * @param limits limits other than those that are known
 */
public record AcmeSettings(
        URI directory,
        List<String> contacts,
        boolean termsAgreed,
        List<X509Certificate> trustedRoots,
        Optional<ExternalAccount> externalAccount,
        Optional<String> profile,
        Optional<String> preferredChain,
        Optional<CertificateKey> key,
        boolean reusesKey,
        Optional<CaLimits> limits) {

    /** Nothing but a directory. */
    public static AcmeSettings at(URI directory) {
        String scheme = directory.getScheme();
        if (directory.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException("ACME directory '" + directory
                    + "' is not an absolute https URI. Write it as https://host/directory.");
        }
        return new AcmeSettings(
                directory,
                List.of(),
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** Other settings, which are checked. */
    public AcmeSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    public Optional<KnownAuthority> known() {
        return KnownAuthority.at(directory);
    }

    /** The kind of keys, where a request does not choose. */
    CertificateKey usualKey() {
        return key.orElseGet(
                () -> known().map(known -> known.keys().iterator().next()).orElse(CertificateKey.EC_P256));
    }

    /** For messages. */
    String title() {
        return known().map(KnownAuthority::title).orElseGet(directory::toString);
    }

    /** Settings that are being changed. Each is refused at once if it was set before, or cannot be. */
    public static final class Draft {

        private final URI directory;
        private List<String> contacts;
        private boolean termsAgreed;
        private List<X509Certificate> trustedRoots;
        private @Nullable ExternalAccount externalAccount;
        private @Nullable String profile;
        private @Nullable String preferredChain;
        private @Nullable CertificateKey key;
        private boolean reusesKey;
        private @Nullable CaLimits limits;

        private Draft(AcmeSettings settings) {
            this.directory = settings.directory;
            this.contacts = settings.contacts;
            this.termsAgreed = settings.termsAgreed;
            this.trustedRoots = settings.trustedRoots;
            this.externalAccount = settings.externalAccount.orElse(null);
            this.profile = settings.profile.orElse(null);
            this.preferredChain = settings.preferredChain.orElse(null);
            this.key = settings.key.orElse(null);
            this.reusesKey = settings.reusesKey;
            this.limits = settings.limits.orElse(null);
        }

        public void contact(String email) {
            if (email.indexOf('@') < 1
                    || email.indexOf('@') == email.length() - 1
                    || email.chars().anyMatch(c -> c == ':' || c == ',' || c <= ' ')) {
                throw new IllegalArgumentException(
                        "Contact '" + email + "' is not an e-mail address. Write it as ops@example.com.");
            }
            if (contacts.contains(email)) {
                throw new IllegalStateException("contact " + email + " was already added");
            }
            List<String> more = new ArrayList<>(contacts);
            more.add(email);
            contacts = List.copyOf(more);
        }

        public void agreeToTermsOfService() {
            termsAgreed = true;
        }

        public void trustedRoots(List<X509Certificate> roots) {
            requireUnset("trustedRoots", trustedRoots.isEmpty() ? null : trustedRoots.size() + " certificates");
            if (roots.isEmpty()) {
                throw new IllegalArgumentException("roots: none (expected: at least one)");
            }
            trustedRoots = List.copyOf(roots);
        }

        public void externalAccount(String keyId, String macKey) {
            requireUnset("externalAccountBinding", externalAccount);
            externalAccount = ExternalAccount.of(keyId, macKey);
        }

        public void profile(String name) {
            requireUnset("profile", profile);
            profile = requireText("profile", name, "shortlived");
        }

        public void preferredChain(String rootCommonName) {
            requireUnset("preferredChain", preferredChain);
            preferredChain = requireText("rootCommonName", rootCommonName, "ISRG Root X1");
        }

        public void key(CertificateKey kind) {
            requireUnset("key", key);
            KnownAuthority.at(directory).filter(known -> !known.takes(kind)).ifPresent(known -> {
                throw new IllegalArgumentException("key: " + kind + " (expected: one of " + known.keys() + ", which "
                        + known.title() + " takes at " + directory + ")");
            });
            key = kind;
        }

        public void reuseKey() {
            reusesKey = true;
        }

        public void limits(CaLimits newLimits) {
            requireUnset("limits", limits);
            limits = newLimits;
        }

        private AcmeSettings settings() {
            return new AcmeSettings(
                    directory,
                    contacts,
                    termsAgreed,
                    trustedRoots,
                    Optional.ofNullable(externalAccount),
                    Optional.ofNullable(profile),
                    Optional.ofNullable(preferredChain),
                    Optional.ofNullable(key),
                    reusesKey,
                    Optional.ofNullable(limits));
        }

        private static String requireText(String setting, String text, String example) {
            if (text.isBlank()) {
                throw new IllegalArgumentException(setting + ": empty (expected: a name such as " + example + ")");
            }
            return text;
        }

        private static void requireUnset(String setting, @Nullable Object value) {
            if (value != null) {
                throw new IllegalStateException(setting + " was already set to " + value);
            }
        }
    }
}
