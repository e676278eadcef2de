package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.RevocationReason;
import dev.gatehouse.tls.Credential;
import java.security.KeyPair;
import java.util.Optional;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Revokes a certificate (RFC 8555, section 7.6): as the account that ordered it, or else as the owner of its key. */
final class Revocation {

    private static final Logger log = LoggerFactory.getLogger(AcmeOrders.class);

    private final Session session;
    private final Credential credential;
    private final org.shredzone.acme4j.RevocationReason reason;

    Revocation(Session session, Credential credential, RevocationReason reason) {
        this.session = session;
        this.credential = credential;
        this.reason = org.shredzone.acme4j.RevocationReason.code(reason.code());
    }

    /** Blocks. A certificate that is revoked already is no failure. */
    void run(Optional<StoredAccount> account) throws AcmeException {
        try {
            revoke(account);
            log.info(
                    "{}: the certificate with serial number {} is revoked, {}",
                    credential.coverage(),
                    credential.serialNumber().toString(16),
                    reason);
        } catch (AcmeException refused) {
            if (!AcmeFailures.isOfType(refused, "alreadyRevoked")) {
                throw refused;
            }
            log.info(
                    "{}: the certificate with serial number {} was revoked before",
                    credential.coverage(),
                    credential.serialNumber().toString(16));
        }
    }

    private void revoke(Optional<StoredAccount> account) throws AcmeException {
        if (account.isEmpty()) {
            revokeByKey();
            return;
        }
        try {
            Certificate.revoke(
                    session.login(account.get().location(), account.get().keyPair()), credential.leaf(), reason);
        } catch (AcmeException refused) {
            if (!AcmeFailures.isOfType(refused, "unauthorized") && !AcmeFailures.isAccountLost(refused)) {
                throw refused;
            }
            log.info(
                    "{}: the account may not revoke the certificate; its own key is used instead",
                    credential.coverage());
            revokeByKey();
        }
    }

    private void revokeByKey() throws AcmeException {
        KeyPair key = new KeyPair(credential.leaf().getPublicKey(), credential.privateKey());
        Certificate.revoke(session, key, credential.leaf(), reason);
    }
}
