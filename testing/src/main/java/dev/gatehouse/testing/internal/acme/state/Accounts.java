package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The accounts, found by number and by key. Thread safe. */
public final class Accounts {
    private final int capacity;
    private final Map<String, Account> byId = new HashMap<>();
    private final Map<String, String> idByThumbprint = new HashMap<>();
    private int created;

    /**
     * Starts without an account.
     *
     * @param capacity how many accounts are taken before {@code rateLimited} is the answer
     */
    public Accounts(int capacity) {
        this.capacity = capacity;
    }

    /** {@return the account with this number} */
    public synchronized Optional<Account> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** {@return the account of this key} */
    public synchronized Optional<Account> find(AccountKey key) {
        return Optional.ofNullable(idByThumbprint.get(key.thumbprint())).map(byId::get);
    }

    /** {@return how many accounts were created, deactivated and forgotten ones included} */
    public synchronized int size() {
        return created;
    }

    /**
     * Creates an account unless its key has one.
     *
     * @param key the key
     * @param contacts URLs of its owner
     * @return the account of the key, and whether it is new
     * @throws ProblemException {@code rateLimited} when the server is full
     */
    public synchronized Registration register(AccountKey key, List<String> contacts) throws ProblemException {
        Optional<Account> existing = find(key);
        if (existing.isPresent()) {
            return new Registration(existing.get(), false);
        }
        if (byId.size() >= capacity) {
            throw Problem.of(
                            ProblemType.RATE_LIMITED,
                            "This test server keeps at most " + capacity + " accounts. Start a new server.")
                    .exception();
        }
        String id = Integer.toString(++created);
        Account account = new Account(id, key, Account.Status.VALID, contacts);
        byId.put(id, account);
        idByThumbprint.put(key.thumbprint(), id);
        return new Registration(account, true);
    }

    /** Forgets every account; their numbers are not given again. */
    public synchronized void forget() {
        byId.clear();
        idByThumbprint.clear();
    }

    /** {@return the account with its new contacts} */
    public Account changeContacts(String id, List<String> contacts) {
        return update(id, account -> account.withContacts(contacts));
    }

    /** {@return the account, which makes no further requests} */
    public Account deactivate(String id) {
        return update(id, account -> account.withStatus(Account.Status.DEACTIVATED));
    }

    /**
     * Gives an account a new key (RFC 8555 section 7.3.5).
     *
     * @param id the account
     * @param newKey the key from now on
     * @return empty when it is done, or the other account that has this key
     */
    public synchronized Optional<Account> changeKey(String id, AccountKey newKey) {
        Optional<Account> owner = find(newKey);
        if (owner.isEmpty()) {
            idByThumbprint.values().remove(id);
            idByThumbprint.put(newKey.thumbprint(), id);
            update(id, account -> account.withKey(newKey));
        }
        return owner;
    }

    private synchronized Account update(String id, UnaryOperator<Account> change) {
        Account account = byId.get(id);
        if (account == null) {
            throw new IllegalStateException("account " + id + " is unknown");
        }
        Account changed = change.apply(account);
        byId.put(id, changed);
        return changed;
    }

    /**
     * The outcome of a registration.
     *
     * @param account the account of the key
     * @param created whether it is new
     */
    public record Registration(Account account, boolean created) {}
}
