package dev.gatehouse.testing.internal.acme.state;

import java.util.List;

/**
 * An account (RFC 8555 section 7.1.2).
 *
 * @param id the last part of its URL
 * @param key the public key that signs its requests
 * @param status valid until the client deactivates it
 * @param contacts URLs of its owner
 */
public record Account(String id, AccountKey key, Status status, List<String> contacts) {

    /** Where an account is in its life. */
    public enum Status {
        VALID("valid"),
        DEACTIVATED("deactivated");

        private final String token;

        Status(String token) {
            this.token = token;
        }

        /** {@return the value of the {@code status} member} */
        public String token() {
            return token;
        }
    }

    /** Makes the list immutable. */
    public Account {
        contacts = List.copyOf(contacts);
    }

    /** {@return whether it may make requests} */
    public boolean isValid() {
        return status == Status.VALID;
    }

    Account withContacts(List<String> newContacts) {
        return new Account(id, key, status, newContacts);
    }

    Account withStatus(Status newStatus) {
        return new Account(id, key, newStatus, contacts);
    }

    Account withKey(AccountKey newKey) {
        return new Account(id, newKey, status, contacts);
    }
}
