package dev.gatehouse.tls;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The extensions that a hello has had so far. The few that real clients send are kept without a bit set of all. */
final class ClientHelloExtensionTypes {

    private static final int MAX_FEW = 16;

    private final char[] few = new char[MAX_FEW];
    private int fewCount;
    private long low;
    private @Nullable BitSet many;

    /** Returns false if the type has been added before. */
    boolean add(int type) {
        if (type < Long.SIZE) {
            long before = low;
            low |= 1L << type;
            return low != before;
        }
        for (int i = 0; i < fewCount; i++) {
            if (few[i] == type) {
                return false;
            }
        }
        if (fewCount < MAX_FEW) {
            few[fewCount++] = (char) type;
            return true;
        }
        return addToMany(type);
    }

    private boolean addToMany(int type) {
        if (many == null) {
            many = new BitSet(1 << Character.SIZE);
        }
        boolean isNew = !many.get(type);
        many.set(type);
        return isNew;
    }
}
