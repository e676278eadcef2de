package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against another implementation, which also agrees with the published vectors of SipHash-2-4 with 128 bits. */
class SipHashTest {

    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    @ParameterizedTest
    @CsvSource({
        "'', bea58827b2bc7ee7, 013030dd6adb62fd",
        "a, a84f7c63de373c08, 678aae375dd72f49",
        "a.test, 5c26eafaa8e08d27, 9c891acad61a6b19",
        "12345678, 7594545e124d2a15, 2978627a76db99fd",
        "www.example.com, fc2f99fc17c9c597, af1753d62a29a775",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example.com, 90fe75d714ea1150, 8a6154063fba9fdd"
    })
    void isThatOfTheOthers(String name, String first, String second) {
        SipHash hash = SipHash.of(name, KEY_0, KEY_1);

        assertThat(Long.toHexString(hash.first())).isEqualTo(first);
        assertThat(String.format("%016x", hash.second())).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource({"www.example.com, 4, example.com", "a.b, 0, a.b", "host-17.zone.example.net, 8, zone.example.net"})
    void theEndOfANameIsHashedLikeTheSameNameByItself(String name, int from, String end) {
        assertThat(SipHash.of(name, from).first()).isEqualTo(SipHash.of(end, 0).first());
        assertThat(SipHash.of(name, from).second()).isEqualTo(SipHash.of(end, 0).second());
    }
}
