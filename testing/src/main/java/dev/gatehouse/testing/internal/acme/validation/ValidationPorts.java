package dev.gatehouse.testing.internal.acme.validation;

/**
 * The ports that stand for 80 and 443, so that no test needs the right to bind those. They can be changed while the
 * server runs; a validation that is under way may still use the earlier value. Thread safe.
 */
public final class ValidationPorts {
    private volatile int http;
    private volatile int tls;

    /**
     * Starts with these ports.
     *
     * @param http in place of 80
     * @param tls in place of 443
     */
    public ValidationPorts(int http, int tls) {
        this.http = http;
        this.tls = tls;
    }

    /** {@return the port in place of 80} */
    public int http() {
        return http;
    }

    /** {@return the port in place of 443} */
    public int tls() {
        return tls;
    }

    /** Changes the port in place of 80. */
    public void useHttp(int port) {
        http = port;
    }

    /** Changes the port in place of 443. */
    public void useTls(int port) {
        tls = port;
    }
}
