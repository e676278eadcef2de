package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.AuditedCertificate.Made;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class IssuerCertificateTest {

    @Test
    void thereIsOneObjectForAllChains() {
        Made authority = AuditedCertificate.authority("CN=shared", null);

        IssuerCertificate first = IssuerCertificate.of(authority.der().clone());
        IssuerCertificate second = IssuerCertificate.of(authority.der().clone());

        assertThat(second).isSameAs(first);
        assertThat(second.parsed()).isSameAs(first.parsed()).isEqualTo(authority.certificate());
        assertThat(IssuerCertificate.of(
                        AuditedCertificate.authority("CN=shared", null).der()))
                .isNotSameAs(first);
    }

    @Test
    void whatNoChainHasAnyMoreIsForgotten() {
        Made authority = AuditedCertificate.authority("CN=short-lived", null);
        WeakReference<IssuerCertificate> reference = new WeakReference<>(IssuerCertificate.of(authority.der()));
        int before = IssuerCertificate.known();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(reference.get()).isNull();
            IssuerCertificate.of(AuditedCertificate.ROOT.der());
            assertThat(IssuerCertificate.known()).isLessThanOrEqualTo(before);
        });
        assertThat(IssuerCertificate.of(authority.der()).parsed()).isEqualTo(authority.certificate());
    }
}
