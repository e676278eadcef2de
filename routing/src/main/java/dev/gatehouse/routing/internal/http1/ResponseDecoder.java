package dev.gatehouse.routing.internal.http1;

import dev.gatehouse.routing.HttpFields;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the responses on one connection apart (RFC 9112). Bytes may arrive in pieces of any size; content is not copied.
 * It is strict: what could be understood in two ways is refused, and then the connection must not be used again.
 *
 * <p>For one thread at a time.
 */
public final class ResponseDecoder {

    /** The largest head, and the largest block of trailers, in bytes. */
    public static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int MAX_INFORMATIONAL = 100;
    private static final ByteBuffer NO_CONTENT = ByteBuffer.allocate(0);

    /** Fields that must not come as trailers (RFC 9110, section 6.5.1), because they were acted on before. */
    private static final Set<String> NOT_AS_TRAILER = Set.of(
            "transfer-encoding",
            "content-length",
            "connection",
            "host",
            "te",
            "trailer",
            "upgrade",
            "keep-alive",
            "proxy-connection",
            "content-encoding",
            "content-type",
            "content-range",
            "set-cookie",
            "cache-control",
            "location",
            "authorization",
            "www-authenticate",
            "proxy-authenticate",
            "proxy-authorization",
            "age",
            "expires",
            "date",
            "vary",
            "retry-after");

    /** What {@link #decode} has found. */
    public enum Event {
        /** Nothing complete: more bytes are needed. */
        NEED_INPUT,
        /** The head of an informational response. */
        INFORMATIONAL,
        /** The head of a 101 that was asked for: what follows on the connection is another protocol. */
        UPGRADED,
        /** The head of the final response. */
        HEAD,
        /** A piece of {@link #content}. */
        CONTENT,
        /** The end of the response; {@link #trailers} are known. */
        END
    }

    private enum State {
        HEAD,
        LENGTH,
        CHUNKED,
        TRAILERS,
        UNTIL_CLOSE,
        AT_END,
        ENDED
    }

    private final LineReader lines = new LineReader(MAX_HEAD_BYTES);
    private final ChunkedContent chunks = new ChunkedContent();
    private State state = State.ENDED;
    private boolean answersHead;
    private @Nullable String upgrade;
    private boolean begun;
    private boolean persistent;
    private int informational;
    private int status;
    private long remaining;
    private HttpFields fields = HttpFields.empty();
    private HttpFields trailers = HttpFields.empty();
    private ByteBuffer content = NO_CONTENT;

    /** Makes a decoder for a new connection. */
    public ResponseDecoder() {
        // begins with the first request
    }

    /**
     * Prepares for the response to the next request.
     *
     * @param head whether the request's method is {@code HEAD}, whose response has no content
     */
    public void begin(boolean head) {
        state = State.HEAD;
        answersHead = head;
        upgrade = null;
        begun = false;
        persistent = false;
        informational = 0;
        fields = HttpFields.empty();
        trailers = HttpFields.empty();
        content = NO_CONTENT;
        lines.clear();
    }

    /**
     * Lets the origin answer with 101 (Switching Protocols). Called after {@link #begin}.
     *
     * @param protocol the only protocol to which it may switch
     */
    public void acceptUpgrade(String protocol) {
        upgrade = protocol;
    }

    /**
     * Goes on to the next event.
     *
     * @param in bytes of the connection; those that belong to the event are taken
     * @return what was found
     * @throws MalformedResponseException if the origin broke the rules
     */
    public Event decode(ByteBuffer in) throws MalformedResponseException {
        begun |= in.hasRemaining() && state != State.ENDED;
        return switch (state) {
            case HEAD -> head(in);
            case LENGTH -> lengthContent(in);
            case CHUNKED -> chunkedContent(in);
            case TRAILERS -> trailers(in);
            case UNTIL_CLOSE -> in.hasRemaining() ? content(in, in.remaining()) : Event.NEED_INPUT;
            case AT_END -> end();
            case ENDED -> throw new IllegalStateException("the response has ended");
        };
    }

    /**
     * Notes that the connection has no more bytes.
     *
     * @return {@link Event#END}, if that is how the content ends
     * @throws TruncatedResponseException if something is missing
     */
    public Event endOfInput() throws TruncatedResponseException {
        return switch (state) {
            case UNTIL_CLOSE, AT_END -> end();
            case HEAD ->
                throw new TruncatedResponseException(
                        begun ? "in the middle of the response head" : "without an answer");
            case LENGTH -> throw new TruncatedResponseException(remaining + " bytes before the end of the content");
            default -> throw new TruncatedResponseException("before the last chunk of the content");
        };
    }

    private Event head(ByteBuffer in) throws MalformedResponseException {
        if (!lines.readBlock(in)) {
            return Event.NEED_INPUT;
        }
        StatusLine statusLine = StatusLine.parse(lines.bytes(), lines.length());
        fields = FieldLines.parse(lines.bytes(), statusLine.end(), name -> true);
        lines.clear();
        status = statusLine.status();
        ContentFraming framing = ContentFraming.of(statusLine, fields, answersHead);
        if (status < 200) {
            return informational();
        }
        persistent = isPersistent(statusLine, framing);
        remaining = framing.length();
        state = switch (framing.kind()) {
            case NONE -> State.AT_END;
            case LENGTH -> State.LENGTH;
            case CHUNKED -> {
                chunks.begin();
                yield State.CHUNKED;
            }
            case UNTIL_CLOSE -> State.UNTIL_CLOSE;
        };
        return Event.HEAD;
    }

    private Event informational() throws MalformedResponseException {
        if (status == 101) {
            return upgraded();
        }
        if (++informational > MAX_INFORMATIONAL) {
            throw new MalformedResponseException("more than " + MAX_INFORMATIONAL + " informational responses");
        }
        return Event.INFORMATIONAL;
    }

    private Event upgraded() throws MalformedResponseException {
        String asked = upgrade;
        if (asked == null) {
            throw new MalformedResponseException("status 101, though no upgrade was asked for");
        }
        List<String> protocols = fields.tokens("Upgrade");
        if (protocols.size() != 1 || !protocols.get(0).equalsIgnoreCase(asked)) {
            throw new MalformedResponseException("status 101 with another protocol than the one that was asked for");
        }
        state = State.ENDED;
        return Event.UPGRADED;
    }

    private boolean isPersistent(StatusLine statusLine, ContentFraming framing) {
        return statusLine.minorVersion() == 1
                && framing.kind() != ContentFraming.Kind.UNTIL_CLOSE
                && !fields.containsToken("Connection", "close");
    }

    private Event lengthContent(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return Event.NEED_INPUT;
        }
        int length = (int) Math.min(remaining, in.remaining());
        remaining -= length;
        if (remaining == 0) {
            state = State.AT_END;
        }
        return content(in, length);
    }

    private Event chunkedContent(ByteBuffer in) throws MalformedResponseException {
        if (chunks.remaining() == 0) {
            if (!chunks.advance(in)) {
                return Event.NEED_INPUT;
            }
            if (chunks.remaining() == 0) {
                state = State.TRAILERS;
                return trailers(in);
            }
        }
        if (!in.hasRemaining()) {
            return Event.NEED_INPUT;
        }
        int length = (int) Math.min(chunks.remaining(), in.remaining());
        chunks.taken(length);
        return content(in, length);
    }

    private Event trailers(ByteBuffer in) throws MalformedResponseException {
        if (!lines.readBlock(in)) {
            return Event.NEED_INPUT;
        }
        trailers = FieldLines.parse(lines.bytes(), 0, name -> !NOT_AS_TRAILER.contains(name.toLowerCase(Locale.ROOT)));
        lines.clear();
        return end();
    }

    private Event content(ByteBuffer in, int length) {
        content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return Event.CONTENT;
    }

    private Event end() {
        state = State.ENDED;
        return Event.END;
    }

    /** {@return whether any byte of the response has arrived} */
    public boolean hasBegun() {
        return begun;
    }

    /** {@return whether the response has been taken apart to its end} */
    public boolean hasEnded() {
        return state == State.ENDED;
    }

    /** {@return whether the connection can carry another request after this response} */
    public boolean isPersistent() {
        return persistent;
    }

    /** {@return the status of the last head} */
    public int status() {
        return status;
    }

    /** {@return the fields of the last head} */
    public HttpFields fields() {
        return fields;
    }

    /** {@return the last piece of content: a view of the bytes given to {@link #decode}, valid as long as those are} */
    public ByteBuffer content() {
        return content;
    }

    /** {@return the trailer fields, without those that cannot come so late; empty before the end} */
    public HttpFields trailers() {
        return trailers;
    }
}
