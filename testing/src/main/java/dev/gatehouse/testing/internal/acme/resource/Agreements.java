package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Which terms of service there are, and who agreed to which (RFC 8555 section 7.3.3). Thread safe. */
public final class Agreements {
    private final Urls urls;
    private final Map<String, Integer> agreedTo = new HashMap<>();
    private int current = 1;

    /**
     * Starts with first terms that nobody has agreed to.
     *
     * @param urls makes their URLs
     */
    public Agreements(Urls urls) {
        this.urls = urls;
    }

    /** {@return the URL of the present terms} */
    public synchronized URI terms() {
        return URI.create(current == 1 ? urls.of(Urls.TERMS) : urls.of(Urls.TERMS, Integer.toString(current)));
    }

    /** Replaces the terms by others, which nobody has agreed to. */
    public synchronized void change() {
        current++;
    }

    /** Records that the owner of an account agrees to the present terms. */
    public synchronized void agree(String accountId) {
        agreedTo.put(accountId, current);
    }

    /**
     * Insists on agreement to the present terms.
     *
     * @param account who wants something
     * @throws ProblemException {@code userActionRequired}, which leads to the terms and to a page where to agree
     */
    void require(Account account) throws ProblemException {
        URI page = URI.create(urls.of(Urls.AGREEMENT, account.id()));
        if (!hasAgreed(account)) {
            throw refusal(
                    page,
                    "The terms of service have changed. Read them at " + terms() + " and open " + page + " to agree.");
        }
    }

    /**
     * Refuses whoever does not agree.
     *
     * @param page where a person learns what to do
     * @param detail what is wrong, and what to do
     * @return {@code userActionRequired}
     */
    ProblemException refusal(URI page, String detail) {
        return Problem.of(ProblemType.USER_ACTION_REQUIRED, detail)
                .withInstance(page)
                .exception()
                .with("Link", "<" + terms() + ">;rel=\"terms-of-service\"");
    }

    private synchronized boolean hasAgreed(Account account) {
        return agreedTo.getOrDefault(account.id(), 0) == current;
    }
}
