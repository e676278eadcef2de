package dev.gatehouse.examples.demo;

import dev.gatehouse.acme.CertificateEvent;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Tells on the terminal what happens. Events come from other threads, each as one whole line. */
final class Narrator implements Consumer<CertificateEvent> {

    private final PrintWriter out;

    Narrator(PrintWriter out) {
        this.out = out;
    }

    synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    void step(String word, String what) {
        say(String.format("   %-11s %s", word, what));
    }

    @Override
    public void accept(CertificateEvent event) {
        if (event instanceof CertificateEvent.Asked asked) {
            step("asked", "may " + asked.name() + " have a certificate?");
        } else if (event instanceof CertificateEvent.Permitted permitted) {
            step("permitted", permitted.reason());
        } else if (event instanceof CertificateEvent.Ordered ordered) {
            step("ordered", String.valueOf(ordered.order()));
        } else if (event instanceof CertificateEvent.ChallengePublished published) {
            step("challenged", published.challengeType() + ", the answer is at /.well-known/acme-challenge/");
        } else if (event instanceof CertificateEvent.ChallengeValidated validated) {
            step("answered", "the certificate authority has fetched the answer to " + validated.challengeType());
        } else if (event instanceof CertificateEvent.Issued issued) {
            step(
                    "issued",
                    "in " + issued.elapsed().toMillis() + " ms, valid until "
                            + issued.credential().notAfter());
        } else if (event instanceof CertificateEvent.Denied denied) {
            step("refused", denied.name() + ": " + denied.reason());
        } else if (event instanceof CertificateEvent.Limited limited) {
            step("refused", limited.name() + ": " + limited.reason());
        } else if (event instanceof CertificateEvent.Failed failed) {
            step("failed", failed.name() + ": " + failed.reason());
        } else if (event instanceof CertificateEvent.Loaded loaded) {
            step("loaded", loaded.name() + " from storage");
        }
    }
}
