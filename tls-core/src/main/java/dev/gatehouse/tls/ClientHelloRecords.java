package dev.gatehouse.tls;

import java.nio.ByteBuffer;

/**
 * Finds the end of the first handshake message among the records that carry it (RFC 8446, section 5.1). A byte is looked
 * at once: what is kept between two looks is where the last one ended, not what it saw.
 */
final class ClientHelloRecords {

    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int RECORD_HEADER = 5;
    private static final int MAX_FRAGMENT = 1 << 14;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;

    private final int maxMessageBytes;

    private int scanned;
    private int records;
    private int fragmentLeft;
    private int headerScanned;
    private int bodyLength;
    private int bodyLeft;

    ClientHelloRecords(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** How many bytes will not be looked at again, except to put a message together that came in several records. */
    int scanned() {
        return scanned;
    }

    /**
     * Goes on from where the last call ended.
     *
     * @param received all bytes from index 0
     * @param limit how many of them may be looked at
     * @return whether the message is complete
     * @throws ClientHelloRefusal if it cannot become a ClientHello
     */
    boolean scan(ByteBuffer received, int limit) {
        while (headerScanned < MESSAGE_HEADER || bodyLeft > 0) {
            if (fragmentLeft == 0 && !scanRecordHeader(received, limit) || scanned == limit) {
                return false;
            }
            if (headerScanned < MESSAGE_HEADER) {
                scanMessageHeader(received.get(scanned) & 0xff);
            } else {
                int count = Math.min(Math.min(limit - scanned, fragmentLeft), bodyLeft);
                bodyLeft -= count;
                advance(count);
            }
        }
        if (fragmentLeft > 0) {
            throw new ClientHelloRefusal(ClientHelloProblem.EXCESS_HANDSHAKE_DATA);
        }
        return true;
    }

    /** The hello of a complete message. */
    ClientHello.Builder decode(ByteBuffer received) {
        if (records == 1) {
            return ClientHelloMessage.decode(received, RECORD_HEADER + MESSAGE_HEADER, scanned);
        }
        ByteBuffer message = assemble(received);
        return ClientHelloMessage.decode(message, MESSAGE_HEADER, message.limit());
    }

    private ByteBuffer assemble(ByteBuffer received) {
        ByteBuffer message = ByteBuffer.allocate(MESSAGE_HEADER + bodyLength);
        ByteBuffer fragment = received.duplicate();
        for (int i = 0; message.hasRemaining(); ) {
            int length = received.getShort(i + 3) & 0xffff;
            i += RECORD_HEADER;
            message.put(fragment.limit(i + length).position(i));
            i += length;
        }
        return message;
    }

    private boolean scanRecordHeader(ByteBuffer received, int limit) {
        int available = limit - scanned;
        if (available >= 1 && !isHandshake(received, limit) || available < RECORD_HEADER) {
            return false;
        }
        int length = received.getShort(scanned + 3) & 0xffff;
        if (length == 0) {
            throw new ClientHelloRefusal(ClientHelloProblem.EMPTY_RECORD);
        }
        if (length > MAX_FRAGMENT) {
            throw new ClientHelloRefusal(ClientHelloProblem.RECORD_TOO_LARGE);
        }
        scanned += RECORD_HEADER;
        fragmentLeft = length;
        records++;
        return true;
    }

    /** Returns false if more bytes are needed to tell what else it is. */
    private boolean isHandshake(ByteBuffer received, int limit) {
        int type = received.get(scanned) & 0xff;
        if (type != HANDSHAKE) {
            if (records > 0) {
                throw new ClientHelloRefusal(ClientHelloProblem.UNEXPECTED_RECORD);
            }
            ForeignProtocols.refuse(received, limit);
            return false;
        }
        if (limit - scanned >= 2 && received.get(scanned + 1) != MAJOR_VERSION) {
            throw new ClientHelloRefusal(
                    records > 0
                            ? ClientHelloProblem.RECORD_VERSION
                            : ForeignProtocols.ofMajorVersion(received.get(scanned + 1)));
        }
        return true;
    }

    private void scanMessageHeader(int value) {
        if (headerScanned == 0 && value != CLIENT_HELLO) {
            throw new ClientHelloRefusal(ClientHelloProblem.UNEXPECTED_MESSAGE);
        }
        if (headerScanned > 0) {
            bodyLength = bodyLength << 8 | value;
        }
        headerScanned++;
        advance(1);
        if (headerScanned == MESSAGE_HEADER) {
            checkLength();
            bodyLeft = bodyLength;
        }
    }

    private void checkLength() {
        if (bodyLength > maxMessageBytes - MESSAGE_HEADER) {
            throw new ClientHelloRefusal(ClientHelloProblem.MESSAGE_TOO_LARGE);
        }
        if (bodyLength < ClientHelloMessage.MIN_LENGTH) {
            throw new ClientHelloRefusal(ClientHelloProblem.MALFORMED_MESSAGE);
        }
    }

    private void advance(int count) {
        scanned += count;
        fragmentLeft -= count;
    }
}
