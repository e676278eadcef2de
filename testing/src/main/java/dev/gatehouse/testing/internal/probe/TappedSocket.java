package dev.gatehouse.testing.internal.probe;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket that remembers the first bytes that came in. One thread reads from it, another may let it expire. */
public final class TappedSocket extends Socket {
    private static final int REMEMBERED = 512;
    private static final int FIRST_CONTENT_TYPE = 20;
    private static final int LAST_CONTENT_TYPE = 24;

    private static final int ALERT = 21;
    private static final int FATAL = 2;
    private static final int ALERT_RECORD = 7;
    private static final int LEFT_OVER_MILLIS = 200;
    private static final int MOST_LEFT_OVER = 64 * 1024;

    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private volatile boolean expired;

    /** Makes a socket that is not connected. */
    public TappedSocket() {}

    @Override
    public InputStream getInputStream() throws IOException {
        return new Tap(super.getInputStream());
    }

    /** {@return whether what came in begins like no record of TLS} */
    public boolean receivedOtherThanTls() {
        byte[] bytes = first.toByteArray();
        return bytes.length > 0 && (bytes[0] < FIRST_CONTENT_TYPE || bytes[0] > LAST_CONTENT_TYPE);
    }

    /** {@return the first line that came in, each byte as one character, without what cannot be printed} */
    public String firstLine() {
        String text = first.toString(StandardCharsets.ISO_8859_1);
        return text.lines().findFirst().orElse("").replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Closes the socket, because its time is over. On any thread. */
    public void expire() {
        expired = true;
        try {
            close();
        } catch (IOException alreadyGone) {
            // The reader sees the end of the connection either way.
        }
    }

    /** {@return whether the time is over} */
    public boolean isExpired() {
        return expired;
    }

    /** Reads on until the server has gone: closing before it has would take our alert from it. */
    public void linger() {
        try {
            setSoTimeout(LEFT_OVER_MILLIS);
            shutdownOutput();
            super.getInputStream().readNBytes(MOST_LEFT_OVER);
        } catch (IOException gone) {
            // Nobody is there to be polite to.
        }
    }

    /**
     * Reads what nobody has read yet: a server that refuses may close while the client is still writing, and its alert is then
     * left over.
     *
     * @return number of the alert, -1 if there is none
     */
    public int unreadAlert() {
        try {
            setSoTimeout(LEFT_OVER_MILLIS);
            byte[] alert = super.getInputStream().readNBytes(ALERT_RECORD);
            return alert.length == ALERT_RECORD && alert[0] == ALERT && alert[4] == 2 && alert[5] == FATAL
                    ? alert[6] & 0xff
                    : -1;
        } catch (IOException gone) {
            return -1;
        }
    }

    private void remember(byte[] bytes, int offset, int length) {
        int free = Math.max(0, REMEMBERED - first.size());
        first.write(bytes, offset, Math.min(free, length));
    }

    private final class Tap extends FilterInputStream {
        Tap(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) {
                remember(new byte[] {(byte) next}, 0, 1);
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                remember(bytes, offset, count);
                if (receivedOtherThanTls()) {
                    readFirstLine();
                }
            }
            return count;
        }

        /** A reader of TLS gives up after a few bytes; the rest of the line is for people. */
        private void readFirstLine() {
            try {
                while (first.size() < REMEMBERED
                        && first.toString(StandardCharsets.ISO_8859_1).indexOf('\n') < 0) {
                    int next = in.read();
                    if (next < 0) {
                        return;
                    }
                    remember(new byte[] {(byte) next}, 0, 1);
                }
            } catch (IOException brokenOff) {
                // What came in until now is all there is to tell.
            }
        }
    }
}
