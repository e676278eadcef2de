package dev.gatehouse.testing.junit;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the tests of one lifetime share. Each part is made when it is first asked for. Thread safe. */
final class Resources {
    private final Supplier<TestCa> caMaker;
    private final Function<TestCa, AcmeTestServer> acmeMaker;
    private final Function<TestCa, RevocationServer> revocationMaker;
    private @Nullable TestCa ca;
    private @Nullable AcmeTestServer acme;
    private @Nullable RevocationServer revocation;

    Resources(
            Supplier<TestCa> caMaker,
            Function<TestCa, AcmeTestServer> acmeMaker,
            Function<TestCa, RevocationServer> revocationMaker) {
        this.caMaker = caMaker;
        this.acmeMaker = acmeMaker;
        this.revocationMaker = revocationMaker;
    }

    synchronized TestCa ca() {
        if (ca == null) {
            ca = caMaker.get();
        }
        return ca;
    }

    synchronized AcmeTestServer acme() {
        if (acme == null) {
            acme = acmeMaker.apply(ca());
        }
        return acme;
    }

    synchronized RevocationServer revocation() {
        if (revocation == null) {
            revocation = revocationMaker.apply(ca());
        }
        return revocation;
    }

    synchronized void close() {
        if (acme != null) {
            acme.close();
        }
        if (revocation != null) {
            revocation.close();
        }
    }
}
