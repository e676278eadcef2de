package dev.gatehouse.tls.internal.der;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.Time;

/** Reads the times of a certificate (RFC 5280, section 4.1.2.5). */
final class ValidityTime {

    private static final int UTC_TIME = 0x17;
    private static final int UTC_TIME_LENGTH = 13;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int GENERALIZED_TIME_LENGTH = 15;
    private static final int CENTURY_SPLIT = 50;

    private ValidityTime() {}

    /** Milliseconds since the epoch. */
    static long millis(DerReader validity) {
        int tag = validity.tag();
        DerReader element = validity.window(tag);
        DerReader text = element.copy().enter(tag);
        boolean isUtc = tag == UTC_TIME && text.length() == UTC_TIME_LENGTH;
        boolean isGeneralized = tag == GENERALIZED_TIME && text.length() == GENERALIZED_TIME_LENGTH;
        if (!isUtc && !isGeneralized || text.octet(text.length() - 1) != 'Z') {
            return unusual(element.rest());
        }
        int first = twoDigits(text, 0);
        int year = isGeneralized ? first * 100 + twoDigits(text, 2) : first + (first < CENTURY_SPLIT ? 2000 : 1900);
        int month = isGeneralized ? 4 : 2;
        return LocalDateTime.of(
                                year,
                                twoDigits(text, month),
                                twoDigits(text, month + 2),
                                twoDigits(text, month + 4),
                                twoDigits(text, month + 6),
                                twoDigits(text, month + 8))
                        .toEpochSecond(ZoneOffset.UTC)
                * 1000;
    }

    private static int twoDigits(DerReader text, int index) {
        int tens = text.octet(index) - '0';
        int ones = text.octet(index + 1) - '0';
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
            throw new IllegalArgumentException("A time of its validity is malformed.");
        }
        return tens * 10 + ones;
    }

    /** Without seconds, or with an offset, as the JVM takes it, too. */
    private static long unusual(byte[] time) {
        try {
            return Time.getInstance(ASN1Primitive.fromByteArray(time)).getDate().getTime();
        } catch (IOException | RuntimeException malformed) {
            throw new IllegalArgumentException("A time of its validity is malformed.", malformed);
        }
    }
}
