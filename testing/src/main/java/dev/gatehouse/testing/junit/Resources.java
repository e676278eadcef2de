package dev.gatehouse.testing.junit;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.TestDns;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the tests of one lifetime share. Each part is made when it is first asked for. Thread safe. */
final class Resources {
    private final Supplier<TestCa> caMaker;
    private final BiFunction<TestCa, Supplier<TestDns>, AcmeTestServer> acmeMaker;
    private final Function<TestCa, RevocationServer> revocationMaker;
    private final Supplier<TestDns> dnsMaker;
    private @Nullable TestCa ca;
    private @Nullable AcmeTestServer acme;
    private @Nullable RevocationServer revocation;
    private @Nullable TestDns dns;

    Resources(
            Supplier<TestCa> caMaker,
            BiFunction<TestCa, Supplier<TestDns>, AcmeTestServer> acmeMaker,
            Function<TestCa, RevocationServer> revocationMaker,
            Supplier<TestDns> dnsMaker) {
        this.caMaker = caMaker;
        this.acmeMaker = acmeMaker;
        this.revocationMaker = revocationMaker;
        this.dnsMaker = dnsMaker;
    }

    synchronized TestCa ca() {
        if (ca == null) {
            ca = caMaker.get();
        }
        return ca;
    }

    synchronized AcmeTestServer acme() {
        if (acme == null) {
            acme = acmeMaker.apply(ca(), this::dns);
        }
        return acme;
    }

    synchronized RevocationServer revocation() {
        if (revocation == null) {
            revocation = revocationMaker.apply(ca());
        }
        return revocation;
    }

    synchronized TestDns dns() {
        if (dns == null) {
            dns = dnsMaker.get();
        }
        return dns;
    }

    synchronized void close() {
        if (acme != null) {
            acme.close();
        }
        if (revocation != null) {
            revocation.close();
        }
        if (dns != null) {
            dns.close();
        }
    }
}
