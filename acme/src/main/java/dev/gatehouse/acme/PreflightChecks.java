package dev.gatehouse.acme;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is looked at before an order is placed, and after one has failed, to say why in the message of the failure.
 *
 * <p>Without any setting nothing harmless can go wrong: an order is only stopped by CAA records that forbid the
 * certificate authority to issue, if dnsjava ({@code dnsjava:dnsjava}) is on the module or class path. That a name has no
 * address, or that of a CDN, is looked up once its order has failed. Whoever tells the addresses of the server has names
 * refused that point elsewhere, before they cost an order.
 *
 * <p>A check that does not end within two seconds stops nothing.
 *
 * <p>Immutable: each method that changes something returns another value, and refuses to set anything twice. Safe for use
 * by several threads.
 */
public final class PreflightChecks {

    private static final PreflightChecks STANDARD = new PreflightChecks(Set.of(), Optional.empty(), true);

    private final Set<InetAddress> serverAddresses;
    private final Optional<InetSocketAddress> http01Address;
    private final boolean caa;

    private PreflightChecks(Set<InetAddress> serverAddresses, Optional<InetSocketAddress> http01Address, boolean caa) {
        this.serverAddresses = serverAddresses;
        this.http01Address = http01Address;
        this.caa = caa;
    }

    /** {@return the checks that can be made without any setting} */
    public static PreflightChecks standard() {
        return STANDARD;
    }

    /**
     * Tells the public addresses of this server, IPv4 and IPv6. A name is then refused that has no address, or of whose
     * addresses none is one of these.
     *
     * @param addresses all addresses under which the certificate authority reaches this server
     * @return the checks with this one
     * @throws IllegalArgumentException if there is none
     * @throws IllegalStateException if they were set before
     */
    public PreflightChecks serverAddresses(Collection<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("No server address is given (expected: at least one).");
        }
        if (!serverAddresses.isEmpty()) {
            throw new IllegalStateException(
                    "serverAddresses is set twice, to " + serverAddresses + " and to " + addresses + ". Set it once.");
        }
        return new PreflightChecks(Set.copyOf(addresses), http01Address, caa);
    }

    /**
     * Tells the public addresses of this server. See {@link #serverAddresses(Collection)}.
     *
     * @param addresses IP addresses, such as {@code 192.0.2.10} and {@code 2001:db8::10}
     * @return the checks with this one
     * @throws IllegalArgumentException if there is none, or one is not an IP address
     * @throws IllegalStateException if they were set before
     */
    public PreflightChecks serverAddresses(String... addresses) {
        Set<InetAddress> parsed = new LinkedHashSet<>();
        Arrays.stream(addresses).map(PreflightChecks::parse).forEach(parsed::add);
        return serverAddresses(parsed);
    }

    /**
     * Asks this server itself, before an order by HTTP-01, for a challenge path, and refuses the order if the answer is
     * not the right one. For a server whose port 80 is its own.
     *
     * @param address where it listens for HTTP-01, such as port 80 of {@code 127.0.0.1}
     * @return the checks with this one
     * @throws IllegalStateException if it was set before
     */
    public PreflightChecks http01Address(InetSocketAddress address) {
        if (http01Address.isPresent()) {
            throw new IllegalStateException(
                    "http01Address is set twice, to " + http01Address.get() + " and to " + address + ". Set it once.");
        }
        return new PreflightChecks(serverAddresses, Optional.of(address), caa);
    }

    /**
     * Does not look at CAA records, for a server whose DNS is not that of the certificate authority.
     *
     * @return the checks without this one
     */
    public PreflightChecks withoutCaa() {
        return new PreflightChecks(serverAddresses, http01Address, false);
    }

    /** {@return the addresses to which names must point; none if that is not checked} */
    public Set<InetAddress> serverAddresses() {
        return serverAddresses;
    }

    /** {@return where this server answers HTTP-01, if it is to be asked} */
    public Optional<InetSocketAddress> http01Address() {
        return http01Address;
    }

    /** {@return whether CAA records are looked at} */
    public boolean isCaaChecked() {
        return caa;
    }

    private static InetAddress parse(String address) {
        boolean literal = address.indexOf(':') >= 0 || address.matches("[0-9.]+");
        try {
            if (literal) {
                return InetAddress.getByName(address);
            }
        } catch (UnknownHostException malformed) {
            throw new IllegalArgumentException(notAnAddress(address), malformed);
        }
        throw new IllegalArgumentException(notAnAddress(address));
    }

    private static String notAnAddress(String address) {
        return "Server address '" + address + "' is not an IP address. Write it as 192.0.2.10 or 2001:db8::10.";
    }

    /** {@return the checks in words} */
    @Override
    public String toString() {
        return "server addresses " + serverAddresses + ", HTTP-01 at "
                + http01Address.map(InetSocketAddress::toString).orElse("no address") + ", CAA "
                + (caa ? "checked" : "not checked");
    }
}
