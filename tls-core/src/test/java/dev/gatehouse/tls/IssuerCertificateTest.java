package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.AuditedCertificate.Made;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class IssuerCertificateTest {

    @Test
    void thereIsOneObjectForAllChains() {
        Made authority = AuditedCertificate.authority("CN=shared", null);

        IssuerCertificate first = issuer(authority.der().clone());
        IssuerCertificate second = issuer(authority.der().clone());

        assertThat(second).isSameAs(first);
        assertThat(second.parsed()).isSameAs(first.parsed()).isEqualTo(authority.certificate());
        assertThat(issuer(AuditedCertificate.authority("CN=shared", null).der()))
                .isNotSameAs(first);
    }

    @Test
    void whatNoChainHasAnyMoreIsForgotten() {
        Made authority = AuditedCertificate.authority("CN=short-lived", null);
        WeakReference<IssuerCertificate> reference = new WeakReference<>(issuer(authority.der()));
        int before = IssuerCertificate.known();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(reference.get()).isNull();
            issuer(AuditedCertificate.ROOT.der());
            assertThat(IssuerCertificate.known()).isLessThanOrEqualTo(before);
        });
        assertThat(issuer(authority.der()).parsed()).isEqualTo(authority.certificate());
    }

    private static IssuerCertificate issuer(byte[] der) {
        return IssuerCertificate.of(EncodedCertificate.of(der));
    }
}
