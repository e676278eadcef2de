package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.internal.http1.MalformedResponseException;
import dev.gatehouse.routing.internal.http1.ResponseDecoder;
import java.nio.ByteBuffer;

/** Recognizes an origin that speaks TLS where HTTP in clear text is spoken to it: it sends an alert. */
final class TlsRecord {

    private static final int ALERT = 21;
    private static final int MAJOR_VERSION = 3;

    private TlsRecord() {}

    /** Looks at the first bytes of a response. */
    static void refuse(ByteBuffer in, ResponseDecoder decoder) throws MalformedResponseException {
        int start = in.position();
        if (!decoder.hasBegun()
                && in.remaining() >= 2
                && in.get(start) == ALERT
                && in.get(start + 1) == MAJOR_VERSION) {
            throw new MalformedResponseException("a record of TLS in place of HTTP (write https:// in the target)");
        }
    }
}
