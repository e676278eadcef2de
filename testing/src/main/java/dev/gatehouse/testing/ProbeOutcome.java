package dev.gatehouse.testing;

/** How a handshake of a {@link TlsProbe}, or the first half of one of a {@link HelloProbe}, ended. */
public enum ProbeOutcome {
    /** Both sides went on to the end. */
    COMPLETED("completed"),
    /** The server sent a fatal alert. */
    ALERT("alert of the server"),
    /** The probe did not accept what the server sent, such as its certificate. */
    REFUSED_BY_PROBE("refused by the probe"),
    /** The server closed the connection without an alert. */
    CLOSED("closed without an alert"),
    /** The connection was reset, without an alert. */
    RESET("connection reset"),
    /** It took longer than the time-out. */
    TIMED_OUT("timed out"),
    /** The server does not speak TLS there. */
    NOT_TLS("not TLS");

    private final String text;

    ProbeOutcome(String text) {
        this.text = text;
    }

    /** {@return the outcome in words} */
    @Override
    public String toString() {
        return text;
    }
}
