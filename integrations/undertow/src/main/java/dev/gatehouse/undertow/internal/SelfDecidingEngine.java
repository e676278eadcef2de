package dev.gatehouse.undertow.internal;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** An engine that reads the ClientHello and chooses the application protocol itself. */
public interface SelfDecidingEngine {

    /**
     * Makes the engine that Undertow has put around this one leave the ClientHello alone.
     *
     * @param around Undertow's engine, which passes everything on to this one once it has had its look
     * @throws SSLException if it does not
     */
    void skipInspectionBy(SSLEngine around) throws SSLException;
}
