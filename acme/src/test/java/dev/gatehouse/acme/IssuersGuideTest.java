package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/issuers.md are copied from here, and what it says that an issuer says is true. */
@Timeout(60)
class IssuersGuideTest {

    @TempDir
    private Path folder;

    @Test
    void several() {
        try (CertificateManager certificates = several(
                FileStorage.at(folder),
                "kid-1",
                "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W",
                OnDemand.permittedBy(name -> false))) {
            assertThat(certificates.statuses(1)).isEmpty();
        }
    }

    private static CertificateManager several(
            CertificateStorage storage, String keyId, String macKey, OnDemand policy) {
        // GUIDE: several
        CertificateManager certificates = CertificateManager.builder()
                .storage(storage)
                .issuers(
                        AcmeIssuer.letsEncrypt()
                                .contact("ops@example.com")
                                .agreeToTermsOfService()
                                .rehearsingAtStaging(),
                        AcmeIssuer.zeroSsl()
                                .externalAccountBinding(keyId, macKey)
                                .contact("ops@example.com")
                                .agreeToTermsOfService())
                .onDemand(policy)
                .build();
        // GUIDE: end
        return certificates;
    }

    @Test
    void internal() throws IOException {
        Path rootFile = folder.resolve("root.pem");
        try (CertificateManager certificates = internal(FileStorage.at(folder), rootFile)) {
            Credential credential =
                    ManagerFixture.resolve(certificates, "app.internal").orElseThrow();

            assertThat(credential.chain().get(1).getIssuerX500Principal())
                    .isEqualTo(
                            Pem.certificates(Files.readString(rootFile)).get(0).getSubjectX500Principal());
        }
    }

    private static CertificateManager internal(CertificateStorage storage, Path rootFile) throws IOException {
        // GUIDE: internal
        InternalCa internal = InternalCa.create();
        CertificateManager certificates = CertificateManager.builder()
                .storage(storage)
                .issuer(internal)
                .onDemand(OnDemand.permittedBy(name -> name.endsWith(".internal")))
                .build();
        Files.writeString(rootFile, internal.rootPem(storage));
        // GUIDE: end
        return certificates;
    }

    @Test
    void theMissingExternalAccountIsToldInTheseWords() throws IOException {
        try (IssuerFixture fixture = new IssuerFixture()) {
            Throwable refused = catchThrowable(() -> fixture.issue(AcmeIssuer.zeroSsl(), "app.example.com"));

            assertThat(refused).isInstanceOf(IssuanceException.class);
            assertThat(Files.readString(page()).replaceAll("\\s+", " ")).contains(refused.getMessage());
        }
    }

    @Test
    void everyExampleOfTheGuideIsCodeThatRunsHere() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/gatehouse/acme/IssuersGuideTest.java"));
        List<String> examples = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(page()))
                .results()
                .map(result -> result.group(1))
                .toList();
        Matcher marked = Pattern.compile(" // GUIDE: \\w+\n(.*?)\n *// GUIDE: end", Pattern.DOTALL)
                .matcher(source);

        assertThat(marked.results().map(result -> result.group(1).stripIndent()))
                .containsExactlyInAnyOrderElementsOf(examples);
    }

    private static Path page() {
        return Path.of("").toAbsolutePath().resolveSibling("docs").resolve("issuers.md");
    }
}
