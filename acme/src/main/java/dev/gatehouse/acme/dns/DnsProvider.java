package dev.gatehouse.acme.dns;

/**
 * Writes the TXT records of DNS-01 challenges (RFC 8555, section 8.4) into a zone.
 *
 * <p><b>What a provider keeps to.</b> Several values may stand under one name at the same time: a certificate for
 * {@code example.com} and {@code *.example.com} needs two under {@code _acme-challenge.example.com}, and other clients
 * may have theirs there, too. So {@link #present} adds a value and leaves the others, and {@link #remove} takes away that
 * one value only. Both may be called again for the same record, after a failure of which nobody knows how far it came:
 * what is there already, or gone already, is no error.
 *
 * <p><b>Threads.</b> Both are called on a worker and may block there, for as long as the provider's own time-out allows,
 * which should be well below a minute. Calls for one record name come one after the other; calls for different names may
 * come at the same time. A provider neither sleeps nor repeats a call that failed: {@link Dns01Solver} does this, at the
 * time that {@link DnsProviderException#retryAfter()} asks for.
 *
 * <p><b>The zone</b> is found by the provider: by the API that it talks to, or by asking its server.
 *
 * <p>{@code toString()} names the provider in messages, and shows no secret.
 */
public interface DnsProvider {

    /**
     * Adds the value to the TXT records of the name. Returns when the provider has accepted it; the servers of the zone
     * may show it later.
     *
     * @param record what to add
     * @throws DnsProviderException if it was refused, or it is not known whether it was accepted
     */
    void present(ChallengeRecord record) throws DnsProviderException;

    /**
     * Removes this value, and no other, from the TXT records of the name.
     *
     * @param record what to remove; it may be gone already, or may have never been there
     * @throws DnsProviderException if it may still be there
     */
    void remove(ChallengeRecord record) throws DnsProviderException;
}
