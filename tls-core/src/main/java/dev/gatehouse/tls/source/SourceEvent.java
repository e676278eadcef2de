package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import java.util.Optional;

/**
 * Something that happened to a certificate of a watched source. Each is in the log, too.
 *
 * <p>Events come after the change has taken effect, on the thread that watches; those of the start come on the thread that
 * starts. A listener should return soon, since nothing is watched meanwhile.
 */
public sealed interface SourceEvent {

    /** {@return the source} */
    CertificateSource source();

    /** {@return the file, the entry of a key store, or the source itself if it is about the whole of it} */
    String place();

    /**
     * A credential is served that was not there before.
     *
     * @param source the source
     * @param place where it was found
     * @param credential the credential
     */
    record Loaded(CertificateSource source, String place, Credential credential) implements SourceEvent {}

    /**
     * A credential is served in the place of its previous version.
     *
     * @param source the source
     * @param place where both were found
     * @param previous the previous version
     * @param credential the new one
     */
    record Replaced(CertificateSource source, String place, Credential previous, Credential credential)
            implements SourceEvent {}

    /**
     * A credential is not served any more, since its files have gone.
     *
     * @param source the source
     * @param place where it was found
     * @param credential the credential
     */
    record Removed(CertificateSource source, String place, Credential credential) implements SourceEvent {}

    /**
     * A change was not taken. It is reported once, and again when the content changes and is still not good.
     *
     * @param source the source
     * @param place where the problem is
     * @param reason what is wrong, and what to do
     * @param kept the previous version, which is served on; empty if there is none, or if it is about the whole source
     */
    record Refused(CertificateSource source, String place, String reason, Optional<Credential> kept)
            implements SourceEvent {}

    /**
     * What was refused is in order again without a change of the credential, for instance since the previous content is
     * back.
     *
     * @param source the source
     * @param place where the problem was
     */
    record Recovered(CertificateSource source, String place) implements SourceEvent {}
}
