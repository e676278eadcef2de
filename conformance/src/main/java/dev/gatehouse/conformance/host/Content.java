package dev.gatehouse.conformance.host;

import java.util.SplittableRandom;

/** Content that is easy to make and hard to confuse. */
final class Content {

    private Content() {}

    /** Bytes that look random and are the same for the same size. */
    static byte[] ofSize(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }
}
