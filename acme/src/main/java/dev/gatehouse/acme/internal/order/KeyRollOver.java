package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.internal.order.AccountRecords.Versioned;
import java.io.IOException;
import java.net.URL;
import java.security.KeyPair;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives an account a new key (RFC 8555, section 7.3.5) in an order in which nothing is lost, wherever it breaks off: the new
 * key is stored beside the old one, then the authority is told, then the old one goes. Who finds both asks the authority
 * which of them it knows. Several nodes that do it at once end up with the same key.
 */
final class KeyRollOver {

    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private final AccountRecords records;
    private final AccountCalls calls;
    private final IssuanceContext context;

    KeyRollOver(AccountRecords records, AccountCalls calls, IssuanceContext context) {
        this.records = records;
        this.calls = calls;
        this.context = context;
    }

    /** Blocks. The account with its new key. */
    StoredAccount run(Versioned stored) throws IOException {
        Versioned prepared = prepared(stored);
        StoredAccount account = prepared.account();
        KeyPair next = account.nextKey().orElseThrow();
        try {
            calls.changeKey(account, next, context);
        } catch (IssuanceException refused) {
            if (!isKnownBy(next, account)) {
                throw refused;
            }
        }
        return finish(prepared);
    }

    /** After a crash, or while another node is at it: the account with the key that the authority knows. Blocks. */
    Versioned settle(Versioned stored) throws IOException {
        Optional<KeyPair> next = stored.account().nextKey();
        if (next.isEmpty() || !isKnownBy(next.get(), stored.account())) {
            return stored;
        }
        StoredAccount account = finish(stored);
        return records.load(context.storage()).orElse(new Versioned(account, stored.version()));
    }

    /** A key that an earlier attempt has stored is used up first: the authority may know it. */
    private Versioned prepared(Versioned stored) throws IOException {
        if (stored.account().nextKey().isPresent()) {
            return stored;
        }
        StoredAccount prepared = stored.account().withNextKey(CertificateKey.EC_P256.generate());
        try {
            return records.write(prepared, stored.version(), context.storage());
        } catch (StaleRecordException anotherNode) {
            Versioned theirs = records.load(context.storage()).orElseThrow(() -> anotherNode);
            if (theirs.account().nextKey().isPresent()) {
                return theirs;
            }
            throw anotherNode;
        }
    }

    private boolean isKnownBy(KeyPair key, StoredAccount account) {
        Optional<URL> location = calls.locate(key, context);
        return location.map(URL::toExternalForm)
                .equals(Optional.of(account.location().toExternalForm()));
    }

    private StoredAccount finish(Versioned prepared) throws IOException {
        StoredAccount account = prepared.account().rolledOver();
        try {
            records.write(account, prepared.version(), context.storage());
        } catch (StaleRecordException anotherNode) {
            StoredAccount theirs = records.load(context.storage())
                    .orElseThrow(() -> anotherNode)
                    .account();
            if (!theirs.hasSameKeyAs(account)) {
                throw anotherNode;
            }
            return theirs;
        }
        log.info("{}: the account has a new key", account.location());
        return account;
    }
}
