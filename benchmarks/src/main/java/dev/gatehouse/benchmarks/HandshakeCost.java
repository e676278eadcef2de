package dev.gatehouse.benchmarks;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.SniKeyManager;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What a handshake costs the server with a certificate chosen by name among thousands, against a server that has one
 * certificate and chooses nothing. The servers take turns handshake by handshake, so that noise hits all.
 */
final class HandshakeCost {

    private static final int CREDENTIALS = 1000;
    private static final int PER_ROUND = 100;
    private static final SecureRandom CLIENT_RANDOM = new SecureRandom();
    private static final String NAME = CredentialMemory.name(0);

    private final SSLContext oneCertificate;
    private final SSLContext keyManager;
    private final SSLContext serverTls;
    private final int rounds;

    private HandshakeCost(CertificateIndex index, Credential shown, int rounds) throws GeneralSecurityException {
        this.oneCertificate = context(new SingleKeyManager(shown.privateKey(), shown.chain()));
        this.keyManager = context(SniKeyManager.using(index));
        this.serverTls = ServerTls.using(index).sslContext();
        this.rounds = rounds;
    }

    private static SSLContext context(KeyManager keyManager) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keyManager}, null, null);
        return context;
    }

    /** As many rounds are run to warm up. */
    static List<Result> measure(int rounds) {
        BulkAuthority authority = BulkAuthority.create();
        CertificateIndex index = CertificateIndex.create();
        for (int i = 1; i < CREDENTIALS; i++) {
            index.add(authority.issue(CredentialMemory.name(i)).credential());
        }
        Credential shown = authority.issue(NAME).credential();
        index.add(shown);
        try {
            HandshakeCost cost = new HandshakeCost(index, shown, rounds);
            List<Result> results = new ArrayList<>();
            for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
                results.addAll(cost.ofFullHandshakes(protocol));
                results.addAll(cost.ofResumedHandshakes(protocol));
            }
            return results;
        } catch (GeneralSecurityException | SSLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<Result> ofFullHandshakes(String protocol) throws SSLException, GeneralSecurityException {
        Contender one = new Contender(oneCertificate, protocol, false);
        Contender chosen = new Contender(keyManager, protocol, false);
        Contender whole = new Contender(serverTls, protocol, false);
        runInTurns(one, chosen, whole);
        String what = "Full " + protocol + " handshakes";
        return List.of(
                perSecond(what, one, chosen, whole),
                Result.of(
                        what + ", time with `SniKeyManager` over time with one certificate",
                        "<= 1.01",
                        "%.3f",
                        chosen.median() / one.median()),
                Result.of(
                        what + ", time with `ServerTls` over time with one certificate",
                        "-",
                        "%.3f",
                        whole.median() / one.median()));
    }

    /** The key manager alone cannot be resumed on JDK 25, which asks it for a certificate without saying for whom. */
    private List<Result> ofResumedHandshakes(String protocol) throws SSLException, GeneralSecurityException {
        Contender one = new Contender(oneCertificate, protocol, true);
        Contender whole = new Contender(serverTls, protocol, true);
        runInTurns(one, whole);
        String what = "Resumed " + protocol + " handshakes";
        return List.of(
                perSecond(what, one, whole),
                Result.of(
                        what
                                + ", time with `ServerTls` over time with one certificate (really resumed: %s, %s)"
                                        .formatted(whole.resumed(), one.resumed()),
                        "<= 1.01",
                        "%.3f",
                        whole.median() / one.median()));
    }

    private static Result perSecond(String what, Contender... contenders) {
        return Result.of(
                what + " per second and core of the server: one certificate, "
                        + (contenders.length > 2 ? "`SniKeyManager`, " : "") + "`ServerTls`",
                "-",
                "%s",
                Arrays.stream(contenders)
                        .map(contender -> String.format(Locale.ROOT, "%.0f", 1e9 / contender.median()))
                        .collect(Collectors.joining(", ")));
    }

    private void runInTurns(Contender... contenders) throws SSLException, GeneralSecurityException {
        for (int round = -rounds; round < rounds; round++) {
            for (int i = 0; i < PER_ROUND; i++) {
                for (int turn = 0; turn < contenders.length; turn++) {
                    contenders[(i + turn) % contenders.length].handshake(round >= 0);
                }
            }
            for (Contender contender : contenders) {
                contender.endRound();
            }
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** One of the servers, with the client that visits it. */
    private static final class Contender {

        private final SSLContext server;
        private final String protocol;
        private final boolean resuming;
        private final CertificateCounter shownCertificates = new CertificateCounter();
        private final List<Double> round = new ArrayList<>();
        private final List<Double> medians = new ArrayList<>();
        private SSLContext client;
        private int handshakes;

        Contender(SSLContext server, String protocol, boolean resuming) throws GeneralSecurityException {
            this.server = server;
            this.protocol = protocol;
            this.resuming = resuming;
            this.client = newClient();
        }

        private SSLContext newClient() throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {shownCertificates}, CLIENT_RANDOM);
            return context;
        }

        /** A client without a session makes the handshake a full one. */
        void handshake(boolean isMeasured) throws SSLException, GeneralSecurityException {
            if (!resuming) {
                client = newClient();
            }
            handshakes++;
            double nanos = EngineHandshake.run(server, client, NAME, protocol);
            if (isMeasured) {
                round.add(nanos);
            }
        }

        void endRound() {
            if (!round.isEmpty()) {
                medians.add(HandshakeCost.median(round));
                round.clear();
            }
        }

        /** The median of the rounds' medians, in nanoseconds. */
        double median() {
            return HandshakeCost.median(medians);
        }

        /** The share of handshakes in which the client saw no certificate. */
        String resumed() {
            return 100 - 100 * shownCertificates.count / handshakes + " %";
        }
    }

    /** Trusts all, for the client's verification is not what is measured. */
    private static final class CertificateCounter extends X509ExtendedTrustManager {

        private int count;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            count++;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
