package dev.gatehouse.routing.transport;

import dev.gatehouse.routing.HttpFields;
import java.nio.ByteBuffer;

/**
 * One request to a target and its response. Nothing here blocks. The methods are called by one thread at a time.
 *
 * <p>The transport holds a bounded number of bytes in each direction; beyond that the target has to wait until they have
 * been {@link #read}, and the router until the target has taken what was written.
 */
public interface OriginStream {

    /** {@return whether all connections are used to their limit, so that the request waits for its turn} */
    boolean isQueued();

    /**
     * Sends request content. Called after {@link Listener#opened}, and not while a buffer is held.
     *
     * @param content the bytes; it may be empty
     * @param last whether the request ends here
     * @return true if everything was taken and the buffer may be used again; false if it is held until {@link
     *     Listener#written} is called
     */
    boolean write(ByteBuffer content, boolean last);

    /**
     * Sends trailer fields, which end the request. Not called while a buffer is held.
     *
     * @param trailers at least one field
     */
    void writeTrailers(HttpFields trailers);

    /**
     * Reads response content. Called after {@link Listener#responded}.
     *
     * @param into where the bytes go; at least one byte must be free
     * @return how many bytes were read; 0 if there is nothing yet, and {@link Listener#readable} will be called once when
     *     there is; or -1 at the end of the response
     */
    int read(ByteBuffer into);

    /** {@return the trailer fields of the response; empty until {@link #read} has returned -1} */
    HttpFields responseTrailers();

    /**
     * Gives the stream up: the target is told that its response is not wanted, and nothing is told to the listener from
     * then on but {@link Listener#written}. Called for every stream whose response has not been read to its end, also for
     * one that has failed.
     */
    void cancel();

    /** Tells the target that the rest of the request will not follow, after its response has been read to its end. */
    void endEarly();

    /** Has the connection checked, since the target has not answered in time. If nobody is there, it is closed. */
    void checkConnection();

    /** What happens on a stream. Called on threads of the transport, which must not be blocked. */
    interface Listener {

        /** The request head is on its way, and content may follow. There may be a response before. */
        void opened();

        /**
         * There is an informational response.
         *
         * @param status from 100 to 199, except 101
         * @param fields its fields
         */
        void informational(int status, HttpFields fields);

        /**
         * There is the head of the final response.
         *
         * @param status from 200 to 599
         * @param fields its fields
         */
        void responded(int status, HttpFields fields);

        /** {@link OriginStream#read} has something to say again. */
        void readable();

        /** The buffer that was held is free again, whether its bytes were sent or not. */
        void written();

        /** The target has sent its whole response and takes no more of the request. */
        void requestUnwanted();

        /**
         * There will be no response, or not the rest of it.
         *
         * @param failure why
         */
        void failed(OriginFailure failure);
    }
}
