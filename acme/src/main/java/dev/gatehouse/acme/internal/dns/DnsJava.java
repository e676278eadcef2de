package dev.gatehouse.acme.internal.dns;

/** Whether dnsjava, which is optional, is there. */
public final class DnsJava {

    private static final String PROBE = "org.xbill.DNS.Message";

    private DnsJava() {}

    /**
     * Says what to add if it is missing.
     *
     * @param what needs it, as the beginning of a sentence
     * @param otherwise how to go without it, as a whole sentence; may be empty
     * @throws IllegalStateException if it is missing
     */
    public static void require(String what, String otherwise) {
        try {
            Class.forName(PROBE, false, DnsJava.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new IllegalStateException(
                    what + " needs dnsjava, which is not there. Add the dependency dnsjava:dnsjava (3.6 or later); in a"
                            + " modular program also 'requires org.dnsjava' or --add-modules org.dnsjava."
                            + (otherwise.isEmpty() ? "" : " " + otherwise),
                    missing);
        }
    }
}
