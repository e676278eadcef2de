package dev.gatehouse.compatibility;

import java.io.IOException;

/** A TLS server on a free port of the loopback interface, that greets each client whose handshake succeeded. */
interface TlsServer extends AutoCloseable {

    byte GREETING = '!';

    /** {@return the greeting: a line, for clients that read lines} */
    static byte[] greeting() {
        return new byte[] {GREETING, '\n'};
    }

    int port();

    @Override
    void close() throws IOException;
}
