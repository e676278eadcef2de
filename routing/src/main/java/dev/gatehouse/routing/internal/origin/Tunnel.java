package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of an upgraded connection both ways until both sides have ended (RFC 9110, section 7.8). Each direction
 * holds one buffer, and none while its sender is silent; a sender is not read from while its receiver takes nothing. Belongs
 * to the thread of its call.
 */
final class Tunnel {

    private static final int MAX_TURNS = 16;

    private final OriginCall call;
    private final HttpExchange exchange;
    private final Http1Connection connection;
    private final Runnable clientTookIt;

    private @Nullable ByteBuffer toClient;
    private @Nullable ByteBuffer toOrigin;
    private boolean clientHolds;
    private boolean waitingForClient;
    private boolean clientEnded;
    private boolean originEnded;

    /** The origin takes nothing more. What it has sent before it went is still there to be read, and so is how it went. */
    private boolean originGone;

    private boolean over;

    /** Takes over a connection, and the buffer with what the origin has sent behind its 101. */
    Tunnel(OriginCall call, Http1Connection connection, @Nullable ByteBuffer behindHead) {
        this.call = call;
        this.connection = connection;
        exchange = call.exchange();
        toClient = behindHead;
        clientTookIt = () -> call.laterEvenIfOver(this::clientTook);
    }

    void begin() {
        call.waitFor(Wait.TUNNEL);
        ByteBuffer behindHead = toClient;
        if (behindHead != null && behindHead.hasRemaining()) {
            passToClient(behindHead, false);
        }
        readable();
        writable();
    }

    /** The origin has sent something, or ended. */
    void readable() {
        for (int turn = 0; turn < MAX_TURNS && !over && !clientHolds && !originEnded; turn++) {
            if (!readOrigin()) {
                return;
            }
        }
        if (!over && (clientHolds || originEnded)) {
            connection.wantRead(false);
        }
    }

    private boolean readOrigin() {
        ByteBuffer bytes = toClient == null ? call.loop().buffers().acquire() : toClient.clear();
        toClient = bytes;
        int count;
        try {
            count = connection.read(bytes);
        } catch (IOException broken) {
            call.tunnelBroken(broken);
            return false;
        }
        bytes.flip();
        if (count == 0) {
            releaseToClient();
            return false;
        }
        originEnded = count < 0;
        passToClient(bytes, originEnded);
        return true;
    }

    private void passToClient(ByteBuffer bytes, boolean last) {
        call.progressed();
        try {
            clientHolds = !exchange.write(bytes, last, clientTookIt);
        } catch (IOException failed) {
            call.clientFailed(failed);
            return;
        }
        if (!clientHolds && last) {
            releaseToClient();
            endIfBothHave();
        }
    }

    private void clientTook() {
        clientHolds = false;
        if (over || originEnded) {
            releaseToClient();
            endIfBothHave();
        } else {
            call.progressed();
            connection.wantRead(true);
            readable();
        }
    }

    /** The origin takes more. */
    void writable() {
        for (int turn = 0; !over && !clientEnded && !waitingForClient; turn++) {
            try {
                if (!drainToOrigin()) {
                    return;
                }
            } catch (IOException gone) {
                originGone = true;
                connection.wantWrite(false);
                readable();
            }
            if (turn == MAX_TURNS) {
                call.later(this::writable);
                return;
            }
            if (!over) {
                readClient();
            }
        }
    }

    private boolean drainToOrigin() throws IOException {
        if (originGone) {
            return true;
        }
        ByteBuffer bytes = toOrigin;
        while (bytes != null && bytes.hasRemaining()) {
            if (connection.write(bytes) == 0) {
                connection.wantWrite(true);
                return false;
            }
            call.progressed();
        }
        connection.wantWrite(false);
        return true;
    }

    private void readClient() {
        ByteBuffer bytes = toOrigin == null ? call.loop().buffers().acquire() : toOrigin.clear();
        toOrigin = bytes;
        int count;
        try {
            count = exchange.read(bytes);
        } catch (IOException failed) {
            call.clientFailed(failed);
            return;
        }
        bytes.flip();
        if (count > 0) {
            return;
        }
        releaseToOrigin();
        if (count == 0) {
            waitingForClient = true;
            exchange.whenReadable(() -> call.later(this::clientSent));
        } else {
            endToOrigin();
        }
    }

    private void clientSent() {
        waitingForClient = false;
        writable();
    }

    private void endToOrigin() {
        clientEnded = true;
        try {
            connection.shutdownOutput();
        } catch (IOException gone) {
            originGone = true;
            readable();
        }
        endIfBothHave();
    }

    private void endIfBothHave() {
        if (!over && clientEnded && originEnded && !clientHolds) {
            call.tunnelEnded();
        }
    }

    /** Nothing more is carried. A buffer that the client's side still holds is left to it until it gives it back. */
    void stop() {
        over = true;
        releaseToOrigin();
        if (!clientHolds) {
            releaseToClient();
        }
    }

    private void releaseToClient() {
        ByteBuffer bytes = toClient;
        toClient = null;
        if (bytes != null) {
            call.loop().buffers().release(bytes);
        }
    }

    private void releaseToOrigin() {
        ByteBuffer bytes = toOrigin;
        toOrigin = null;
        if (bytes != null) {
            call.loop().buffers().release(bytes);
        }
    }
}
