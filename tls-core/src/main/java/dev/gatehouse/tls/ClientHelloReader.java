package dev.gatehouse.tls;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ClientHello at the start of a TCP connection, before there is an engine: a server that peeks at it can wait for
 * a certificate without holding a thread, and then lets an engine do the handshake with the same bytes.
 *
 * <pre>{@code
 * switch (reader.read(received)) {
 *     case INCOMPLETE -> readMoreBehind(received);
 *     case COMPLETE -> resolve(reader.clientHello(clientAddress));
 *     case NOT_TLS, MALFORMED -> close(reader.problem());
 * }
 * }</pre>
 *
 * <p><b>Bounds.</b> A hello is refused as soon as its size is known to be beyond the limit, and so is a client that wraps
 * it into so many records that more than {@link #maxReceivedBytes()} arrive. The caller bounds the time. A byte is looked
 * at once, however the bytes are cut into segments and records, and none is kept: the caller holds them all in order to
 * replay them. The outcome does not depend on how TCP cut them.
 *
 * <p><b>What is judged.</b> The encoding (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2), and that of the extensions
 * that {@link ClientHello} shows. What follows the hello's last record, such as early data, is not looked at. Whether the
 * client offers anything that the server can do is left to the engine.
 *
 * <p>One reader is for one connection. It never blocks. It may be used by one thread at a time.
 */
public final class ClientHelloReader {

    /** The default limit on a hello: 16 KiB. Hellos with post-quantum keys and resumption stay below 4 KiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024;

    /** The default limit on what a client sends until its hello is complete: 32 KiB. */
    public static final int DEFAULT_MAX_RECEIVED_BYTES = 32 * 1024;

    private static final int MIN_LIMIT = 512;
    private static final int MAX_LIMIT = 1 << 20;

    /** How far the reading has come. */
    public enum Progress {
        /** More bytes are needed. */
        INCOMPLETE,
        /** {@link #clientHello()} is there. */
        COMPLETE,
        /** The client speaks another protocol; {@link #problem()} says which, as far as it can be told. */
        NOT_TLS,
        /** The client speaks TLS wrongly, or beyond the limits; {@link #problem()} says how. */
        MALFORMED
    }

    private final int maxReceivedBytes;
    private final ClientHelloRecords records;
    private Progress progress = Progress.INCOMPLETE;
    private @Nullable ClientHello hello;
    private @Nullable ClientHelloProblem problem;

    private ClientHelloReader(int maxMessageBytes, int maxReceivedBytes) {
        this.maxReceivedBytes = maxReceivedBytes;
        this.records = new ClientHelloRecords(maxMessageBytes);
    }

    /** {@return a reader with the default limits} */
    public static ClientHelloReader create() {
        return new ClientHelloReader(DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_RECEIVED_BYTES);
    }

    /**
     * Makes a reader with limits of its own.
     *
     * @param maxMessageBytes how long the handshake message may be; from 512 bytes to 1 MiB
     * @param maxReceivedBytes how many bytes, with the headers of records, may arrive until it is complete; no fewer than
     *     those of the message, to 1 MiB
     * @return the reader
     * @throws IllegalArgumentException if a limit is out of range
     */
    public static ClientHelloReader create(int maxMessageBytes, int maxReceivedBytes) {
        if (maxMessageBytes < MIN_LIMIT || maxMessageBytes > MAX_LIMIT) {
            throw new IllegalArgumentException("Limit of " + maxMessageBytes
                    + " bytes on a ClientHello is out of range. Give one from " + MIN_LIMIT + " to " + MAX_LIMIT + '.');
        }
        if (maxReceivedBytes < maxMessageBytes || maxReceivedBytes > MAX_LIMIT) {
            throw new IllegalArgumentException("Limit of " + maxReceivedBytes
                    + " bytes on what a client sends is out of range. Give one from " + maxMessageBytes
                    + ", the limit on its ClientHello, to " + MAX_LIMIT + '.');
        }
        return new ClientHelloReader(maxMessageBytes, maxReceivedBytes);
    }

    /**
     * Goes on with all bytes that have been received. The outcome is final once it is not {@link Progress#INCOMPLETE}.
     *
     * @param received from its position to its limit, the bytes of earlier calls followed by those that have arrived
     *     since, in any kind of buffer; neither it nor its position, limit and order is changed, and it is not kept
     * @return how far the reading has come
     * @throws IllegalArgumentException if there are fewer bytes than in an earlier call
     */
    public Progress read(ByteBuffer received) {
        if (progress != Progress.INCOMPLETE) {
            return progress;
        }
        if (received.remaining() < records.scanned()) {
            throw new IllegalArgumentException("Only " + received.remaining() + " bytes were given, after "
                    + records.scanned() + " in earlier calls. Give all that have been received so far.");
        }
        try {
            readOn(received.slice());
        } catch (ClientHelloRefusal refusal) {
            problem = refusal.problem();
            progress = refusal.problem().isOtherProtocol() ? Progress.NOT_TLS : Progress.MALFORMED;
        }
        return progress;
    }

    private void readOn(ByteBuffer received) {
        if (records.scan(received, Math.min(received.limit(), maxReceivedBytes))) {
            hello = records.decode(received).build();
            progress = Progress.COMPLETE;
        } else if (received.limit() >= maxReceivedBytes) {
            throw new ClientHelloRefusal(ClientHelloProblem.TOO_MANY_BYTES);
        }
    }

    /** {@return how many bytes may arrive until the hello is complete; a caller needs no larger buffer} */
    public int maxReceivedBytes() {
        return maxReceivedBytes;
    }

    /**
     * Gets what the client said.
     *
     * @return the hello, without an address of the client
     * @throws IllegalStateException if it is not complete
     */
    public ClientHello clientHello() {
        return complete();
    }

    /**
     * Gets what the client said, with where it said it from.
     *
     * @param clientAddress the address of the client
     * @return the hello
     * @throws IllegalStateException if it is not complete
     */
    public ClientHello clientHello(InetAddress clientAddress) {
        return complete().withClientAddress(clientAddress);
    }

    private ClientHello complete() {
        if (hello == null) {
            throw new IllegalStateException("There is no hello: reading is " + progress + ". Read until COMPLETE.");
        }
        return hello;
    }

    /**
     * Gets why the bytes were refused.
     *
     * @return the problem, which knows the alert that answers it
     * @throws IllegalStateException if they have not been refused
     */
    public ClientHelloProblem problem() {
        if (problem == null) {
            throw new IllegalStateException("There is no problem: reading is " + progress + '.');
        }
        return problem;
    }

    /** How many bytes will not be looked at again. */
    int scannedBytes() {
        return records.scanned();
    }
}
