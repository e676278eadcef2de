package dev.gatehouse.tls.internal.der;

import java.io.ByteArrayOutputStream;

/** Writes DER (X.690): enough to put one form of private key into the envelope of another. */
public final class DerWriter {

    private DerWriter() {}

    /** {@return an element with this tag, whose content is that of the arrays, one behind the other} */
    public static byte[] element(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream(length + 6);
        element.write(tag);
        writeLength(element, length);
        for (byte[] content : contents) {
            element.writeBytes(content);
        }
        return element.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream element, int length) {
        if (length < 0x80) {
            element.write(length);
            return;
        }
        int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        element.write(0x80 | octets);
        for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
            element.write(length >> shift);
        }
    }
}
