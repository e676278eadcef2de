package dev.gatehouse.tls;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * Hands the credential of an admission over to the key manager, on the engine that both see: JSSE has no other place for
 * an attachment. So the resolver is not asked a second time, and JDK 25 can be answered while it reads a session ticket,
 * when it has neither a handshake session nor the server name. Being a matcher, it makes the JDK compare server names before
 * it resumes a session.
 */
final class AdmissionMatcher extends SNIMatcher {

    private final Optional<ServerName> admittedName;
    private final Credential credential;

    AdmissionMatcher(Optional<ServerName> admittedName, Credential credential) {
        super(StandardConstants.SNI_HOST_NAME);
        this.admittedName = admittedName;
        this.credential = credential;
    }

    /** What was handed over with an engine, or null for an engine that did not come through a gate. */
    static @Nullable AdmissionMatcher of(SSLEngine engine) {
        for (SNIMatcher matcher :
                Optional.ofNullable(engine.getSSLParameters().getSNIMatchers()).orElseGet(List::of)) {
            if (matcher instanceof AdmissionMatcher admission) {
                return admission;
            }
        }
        return null;
    }

    /** The credential, if a provider asks for keys of its type. */
    Optional<Credential> ofType(KeyType keyType) {
        return credential.keyType() == keyType ? Optional.of(credential) : Optional.empty();
    }

    /** The engine reads the same bytes as the gate did; a name that differs all the same is not served. */
    @Override
    public boolean matches(SNIServerName requested) {
        if (admittedName.isEmpty()) {
            return true;
        }
        try {
            return ServerName.ofSni(requested.getEncoded()).equals(admittedName.get());
        } catch (InvalidNameException notAName) {
            return false;
        }
    }
}
