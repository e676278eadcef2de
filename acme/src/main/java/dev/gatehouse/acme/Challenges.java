package dev.gatehouse.acme;

import dev.gatehouse.tls.SubjectName;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What a certificate manager can do to prove control of names, for implementations of {@link Issuer}: which challenges
 * to answer for a name, and their answers.
 *
 * <p>Safe for use by several threads; nothing blocks.
 */
public interface Challenges {

    /** {@return the types that may be used for some name, as things stand} */
    Set<ChallengeType> types();

    /**
     * Decides which challenges to answer for a name: those that are possible, and of them first what worked for this name
     * before, last what failed for it.
     *
     * @param name the name
     * @param offered what the certificate authority offers for it
     * @return the types in their order, and why others are left out
     */
    ChallengeOrder choose(SubjectName name, Set<ChallengeType> offered);

    /**
     * Publishes the answer to a challenge.
     *
     * @param type its type, one that was chosen
     * @param name the name; for a wildcard name with the star
     * @param token the token of the challenge
     * @param keyAuthorization its key authorization (RFC 8555, section 8.1)
     * @return completes when the certificate authority may look; fails, and takes back what there was, if it cannot be
     *     published, or the manager is closed meanwhile. For {@code dns-01} that may take minutes
     */
    CompletionStage<ChallengePublication> publish(
            ChallengeType type, SubjectName name, String token, String keyAuthorization);

    /**
     * Remembers that the certificate authority was content with an answer.
     *
     * @param type the type of the challenge
     * @param name the name
     */
    void validated(ChallengeType type, SubjectName name);

    /**
     * Remembers that an answer could not be published, or did not content the certificate authority.
     *
     * @param type the type of the challenge
     * @param name the name
     */
    void failed(ChallengeType type, SubjectName name);
}
