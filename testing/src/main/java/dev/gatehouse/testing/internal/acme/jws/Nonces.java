package dev.gatehouse.testing.internal.acme.jws;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The nonces that were handed out and not used yet (RFC 8555 section 6.5). A nonce counts once. When too many are out,
 * the oldest is forgotten; a client that comes back with it is told {@code badNonce} and tries again with a fresh one.
 * Thread safe.
 */
public final class Nonces {
    private final Supplier<String> source;
    private final int capacity;
    private final Set<String> outstanding = new LinkedHashSet<>();

    /**
     * Starts without a nonce.
     *
     * @param source makes values that cannot be guessed
     * @param capacity how many unused nonces are remembered
     */
    public Nonces(Supplier<String> source, int capacity) {
        this.source = source;
        this.capacity = capacity;
    }

    /** {@return a nonce that can be used once} */
    public String issue() {
        String nonce = source.get();
        synchronized (outstanding) {
            if (outstanding.size() >= capacity) {
                outstanding.remove(outstanding.iterator().next());
            }
            outstanding.add(nonce);
        }
        return nonce;
    }

    /** {@return whether the nonce was handed out and not used before; from now on it is used} */
    public boolean use(String nonce) {
        synchronized (outstanding) {
            return outstanding.remove(nonce);
        }
    }
}
