package dev.gatehouse.tls;

import dev.gatehouse.tls.InvalidNameException.Reason;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The rules that turn spellings of a host into its normal form. */
final class HostNames {

    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private HostNames() {}

    /**
     * Brings a host name into its normal form: A-labels, lower case, no trailing dot.
     *
     * @throws InvalidNameException if it is not a host name
     */
    static String normalize(String name) {
        String ascii = name.length() <= 4 * MAX_NAME && !isAscii(name) ? toALabels(name) : name;
        String lower = withoutTrailingDot(lowerCase(ascii));
        checkLabels(name, lower);
        return lower;
    }

    /**
     * Whether the bytes are a host name in its normal form already, as nearly all that clients send are; false tells
     * nothing. One pass, since every handshake comes this way.
     */
    static boolean isNormal(byte[] ascii) {
        if (ascii.length > MAX_NAME) {
            return false;
        }
        int labelStart = 0;
        boolean numeric = true;
        byte previous = '.';
        for (int i = 0; i < ascii.length; i++) {
            byte c = ascii[i];
            if (c == '.') {
                if (previous == '.' || previous == '-' || i - labelStart > MAX_LABEL) {
                    return false;
                }
                labelStart = i + 1;
                numeric = true;
            } else if (!isHostCharacter((char) (c & 0xff)) || c == '-' && previous == '.') {
                return false;
            } else {
                numeric &= c >= '0' && c <= '9';
            }
            previous = c;
        }
        return !numeric && previous != '-' && previous != '.' && ascii.length - labelStart <= MAX_LABEL;
    }

    /** The normal form of an IP address, or empty if the text does not look like one. */
    static Optional<String> ipAddress(String text) {
        if (text.indexOf(':') >= 0 || text.startsWith("[")) {
            return Optional.of(ipv6(text));
        }
        return isIpv4(text) ? Optional.of(text) : Optional.empty();
    }

    private static void checkLabels(String original, String name) {
        if (name.isEmpty()) {
            throw new InvalidNameException(original, Reason.EMPTY);
        }
        if (name.length() > MAX_NAME) {
            throw new InvalidNameException(original, Reason.TOO_LONG);
        }
        int start = 0;
        while (start <= name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            checkLabel(original, name, start, end);
            if (dot < 0 && isNumeric(name, start)) {
                throw new InvalidNameException(original, Reason.NUMERIC_TOP_LABEL);
            }
            start = end + 1;
        }
    }

    private static void checkLabel(String original, String name, int start, int end) {
        if (start == end) {
            throw new InvalidNameException(original, Reason.EMPTY_LABEL);
        }
        if (end - start > MAX_LABEL) {
            throw new InvalidNameException(original, Reason.LABEL_TOO_LONG);
        }
        for (int i = start; i < end; i++) {
            if (!isHostCharacter(name.charAt(i))) {
                throw new InvalidNameException(original, illegal(name.charAt(i)));
            }
        }
        if (name.charAt(start) == '-' || name.charAt(end - 1) == '-') {
            throw new InvalidNameException(original, Reason.HYPHEN_AT_EDGE);
        }
    }

    private static Reason illegal(char character) {
        return character == '*' ? Reason.MISPLACED_WILDCARD : Reason.ILLEGAL_CHARACTER;
    }

    private static boolean isHostCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    private static boolean isNumeric(String name, int from) {
        for (int i = from; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String toALabels(String name) {
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException unconvertible) {
            throw new InvalidNameException(name, Reason.NOT_IDNA);
        }
    }

    /** ASCII only, and so free of every locale. Returns the same object when there is nothing to change. */
    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return lowerCaseFrom(name, i);
            }
        }
        return name;
    }

    private static String lowerCaseFrom(String name, int first) {
        char[] characters = name.toCharArray();
        for (int i = first; i < characters.length; i++) {
            if (characters[i] >= 'A' && characters[i] <= 'Z') {
                characters[i] = (char) (characters[i] + ('a' - 'A'));
            }
        }
        return new String(characters);
    }

    private static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isIpv4(String text) {
        int start = 0;
        for (int octet = 0; octet < 4; octet++) {
            int end = octet == 3 ? text.length() : text.indexOf('.', start);
            if (end < 0 || !isOctet(text, start, end)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean isOctet(String text, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 3 || length > 1 && text.charAt(start) == '0') {
            return false;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return value <= 255;
    }

    private static String ipv6(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String address = bracketed ? text.substring(1, text.length() - 1) : text;
        if (address.isEmpty() || address.length() > 45 || !isIpv6Alphabet(address)) {
            throw new InvalidNameException(text, Reason.MALFORMED_IP_ADDRESS);
        }
        try {
            return compress(InetAddress.getByName('[' + address + ']').getAddress());
        } catch (UnknownHostException malformed) {
            throw new InvalidNameException(text, Reason.MALFORMED_IP_ADDRESS);
        }
    }

    /** Without this check an address with a zone, or a name, could cause a look-up. */
    private static boolean isIpv6Alphabet(String address) {
        return address.indexOf(':') >= 0
                && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80 || c == ':' || c == '.');
    }

    /** The text form of RFC 5952: lower case, no leading zeros, the longest run of zero groups as {@code ::}. */
    private static String compress(byte[] address) {
        if (address.length == 4) {
            return "::ffff:" + (address[0] & 0xff) + '.' + (address[1] & 0xff) + '.' + (address[2] & 0xff) + '.'
                    + (address[3] & 0xff);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && group(address, i + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | address[2 * index + 1] & 0xff;
    }
}
