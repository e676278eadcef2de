package dev.gatehouse.routing.internal.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** The certificate of an origin is not accepted. The message goes on from the name of the target. */
public final class OriginRefusedException extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    OriginRefusedException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    /** {@return what to do about it} */
    public String remedy() {
        return remedy;
    }
}
