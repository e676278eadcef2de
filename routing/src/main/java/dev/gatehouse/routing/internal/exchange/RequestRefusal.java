package dev.gatehouse.routing.internal.exchange;

/**
 * Why a request is not served.
 *
 * @param status what the client gets
 * @param explanation one sentence for the client and the log; nothing of what the client sent
 * @param remedy what somebody can do about it, for the log
 */
public record RequestRefusal(int status, String explanation, String remedy) {

    /**
     * Makes a refusal of what only the client can correct.
     *
     * @param status what the client gets
     * @param explanation one sentence
     * @return the refusal
     */
    public static RequestRefusal of(int status, String explanation) {
        return new RequestRefusal(status, explanation, "the client must correct it");
    }

    static RequestRefusal overLimit(int status, String explanation, String setting) {
        return new RequestRefusal(status, explanation, "raise " + setting + " if it must be accepted");
    }
}
