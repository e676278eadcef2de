package dev.gatehouse.acme.internal.work;

import java.util.concurrent.Executor;

/** Who does the work of a manager, and when: its threads, or whatever a test puts in their place. */
public interface Workers extends Alarms, AutoCloseable {

    /** For the permission and the look before an order. */
    Executor questions();

    /** For reading and writing storage. */
    Executor storage();

    /** For requests to certificate authorities. */
    Executor orders();

    @Override
    void close();
}
