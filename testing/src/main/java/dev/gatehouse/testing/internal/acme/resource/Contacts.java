package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The contact URLs of an account (RFC 8555 section 7.3): mail addresses, one each. */
final class Contacts {
    private static final int MAX_CONTACTS = 10;
    private static final int MAX_LENGTH = 320;
    private static final Pattern ADDRESS = Pattern.compile("[^\\s,@?]+@[^\\s,@?]+");

    private Contacts() {}

    /**
     * Reads the member {@code contact}.
     *
     * @return the URLs, or null when there is no such member
     * @throws ProblemException {@code unsupportedContact} or {@code invalidContact}
     */
    static @Nullable List<String> in(JsonObject payload) throws ProblemException {
        List<String> contacts = payload.strings("contact");
        if (contacts != null) {
            if (contacts.size() > MAX_CONTACTS) {
                throw Problem.of(
                                ProblemType.INVALID_CONTACT,
                                contacts.size() + " contacts are too many. Send at most " + MAX_CONTACTS + ".")
                        .exception();
            }
            for (String contact : contacts) {
                require(contact);
            }
        }
        return contacts;
    }

    private static void require(String contact) throws ProblemException {
        if (!contact.startsWith("mailto:")) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_CONTACT,
                            "Contact " + Text.quote(contact) + " is not supported. Use a mailto URL.")
                    .exception();
        }
        String address = contact.substring("mailto:".length());
        if (address.length() > MAX_LENGTH || !ADDRESS.matcher(address).matches()) {
            throw Problem.of(
                            ProblemType.INVALID_CONTACT,
                            "Contact " + Text.quote(contact)
                                    + " is not one mail address. Send mailto: and one address, without header fields.")
                    .exception();
        }
    }
}
