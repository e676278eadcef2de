package dev.gatehouse.testing.internal.probe;

import java.io.ByteArrayOutputStream;

/** Writes numbers and vectors as TLS writes them (RFC 8446 section 3). Not safe for use by several threads. */
public final class TlsOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Makes an empty output. */
    public TlsOutput() {}

    /** {@return this output, with a number of one byte} */
    public TlsOutput uint8(int value) {
        bytes.write(value);
        return this;
    }

    /** {@return this output, with a number of two bytes} */
    public TlsOutput uint16(int value) {
        return uint8(value >> 8).uint8(value);
    }

    /** {@return this output, with a number of three bytes} */
    public TlsOutput uint24(int value) {
        return uint8(value >> 16).uint16(value);
    }

    /** {@return this output, with bytes as they are} */
    public TlsOutput raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    /** {@return this output, with bytes behind a length of one byte} */
    public TlsOutput vector8(byte[] value) {
        return uint8(value.length).raw(value);
    }

    /** {@return this output, with bytes behind a length of two bytes} */
    public TlsOutput vector16(byte[] value) {
        return uint16(value.length).raw(value);
    }

    /** {@return what was written} */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
