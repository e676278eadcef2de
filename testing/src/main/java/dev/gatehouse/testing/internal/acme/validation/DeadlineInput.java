package dev.gatehouse.testing.internal.acme.validation;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Reads a socket until a deadline: a peer that sends one byte a second gains nothing by it. */
final class DeadlineInput extends InputStream {
    private final Socket socket;
    private final InputStream input;
    private final Deadline deadline;

    DeadlineInput(Socket socket, Deadline deadline) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        socket.setSoTimeout(deadline.remainingMillis());
        return input.read(buffer, offset, length);
    }
}
