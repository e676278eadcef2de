package dev.gatehouse.routing.internal.http1;

/**
 * The first line of a response (RFC 9112, section 4). The reason phrase is not kept: HTTP/2 has none.
 *
 * @param minorVersion 0 or 1, of HTTP/1.0 and HTTP/1.1
 * @param status from 100 to 599
 * @param end where the line after it begins
 */
record StatusLine(int minorVersion, int status, int end) {

    private static final String PREFIX = "HTTP/1.";
    private static final int STATUS_INDEX = 9;
    private static final int REASON_INDEX = 12;

    static StatusLine parse(byte[] bytes, int length) throws MalformedResponseException {
        int end = 0;
        while (bytes[end] != '\r') {
            end++;
        }
        if (end < REASON_INDEX || end + 2 > length || !startsWithVersion(bytes)) {
            throw new MalformedResponseException("it does not begin with HTTP/1.1 and a status");
        }
        int status = 0;
        for (int i = STATUS_INDEX; i < REASON_INDEX; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedResponseException("a status that is not three digits");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599) {
            throw new MalformedResponseException("status " + status + " (expected: 100 to 599)");
        }
        checkReason(bytes, end);
        return new StatusLine(bytes[PREFIX.length()] - '0', status, end + 2);
    }

    private static boolean startsWithVersion(byte[] bytes) {
        for (int i = 0; i < PREFIX.length(); i++) {
            if (bytes[i] != PREFIX.charAt(i)) {
                return false;
            }
        }
        byte minor = bytes[PREFIX.length()];
        return (minor == '0' || minor == '1') && bytes[PREFIX.length() + 1] == ' ';
    }

    /** The phrase may be empty, and origins leave out even the space before it. */
    private static void checkReason(byte[] bytes, int end) throws MalformedResponseException {
        if (end > REASON_INDEX && bytes[REASON_INDEX] != ' ') {
            throw new MalformedResponseException("a status that is not three digits");
        }
        for (int i = REASON_INDEX; i < end; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                throw new MalformedResponseException("a control character in the status line");
            }
        }
    }
}
