package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;

/**
 * The account of an ACME client, as it was found.
 *
 * @param directory the ACME directory of the authority that it is with, if the folder tells
 * @param keyPair its key: EC or RSA, and proven to be a pair
 * @param location its URL, if the folder tells; an authority tells it to who has the key
 * @param contacts the addresses that the authority may write to, as the folder has them, such as
 *     {@code mailto:ops@example.com}
 * @param source the file that has the key
 */
public record ImportedAccount(
        Optional<URI> directory, KeyPair keyPair, Optional<URI> location, List<String> contacts, Path source) {

    /**
     * Keeps a copy of the contacts.
     *
     * @param directory the directory
     * @param keyPair the key
     * @param location the account URL
     * @param contacts the contacts
     * @param source the file that has the key
     */
    public ImportedAccount {
        contacts = List.copyOf(contacts);
    }

    /** {@return which account it is; nothing secret} */
    @Override
    public String toString() {
        return "account"
                + location.map(url -> " " + url).orElse("")
                + directory.map(url -> " at " + url).orElse("")
                + " (" + keyPair.getPublic().getAlgorithm()
                + (contacts.isEmpty() ? "" : ", " + String.join(", ", contacts)) + ") from " + source;
    }
}
