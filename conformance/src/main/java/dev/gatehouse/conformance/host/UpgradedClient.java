package dev.gatehouse.conformance.host;

import java.io.Closeable;
import java.io.IOException;

/** A client behind the switch to another protocol, over whichever version of HTTP it came there. */
interface UpgradedClient extends Closeable {

    UpgradedClient send(byte[] bytes) throws IOException;

    byte[] readExactly(int count) throws IOException;

    /** Reads what is left until the server ends or breaks it off. */
    byte[] readToEnd() throws IOException;

    /** Sends the end, and can still read. */
    void endOutput() throws IOException;

    /** Breaks off, so that the server can tell. */
    void reset() throws IOException;
}
