package dev.gatehouse.acme.internal.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What a program writes: all of it is read, so that it never waits for a reader, and the beginning and the end are kept. A
 * thread of its own reads, for a program may leave children behind that hold the stream open.
 */
final class ProcessOutput {

    private static final int KEPT = 1_000;
    private static final long READ_ON_MILLIS = 1_000;

    private final StringBuilder beginning = new StringBuilder();
    private final StringBuilder end = new StringBuilder();
    private final Thread reader;

    private ProcessOutput(Process process) {
        this.reader = new Thread(() -> read(process.getInputStream()), "gatehouse-dns-command-" + process.pid());
        reader.setDaemon(true);
    }

    static ProcessOutput of(Process process) {
        ProcessOutput output = new ProcessOutput(process);
        output.reader.start();
        return output;
    }

    private void read(InputStream stream) {
        byte[] buffer = new byte[4_096];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                keep(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException closed) {
            keep(" (its output could not be read to the end)");
        }
    }

    private synchronized void keep(String text) {
        int first = Math.min(text.length(), KEPT - beginning.length());
        beginning.append(text, 0, first);
        end.append(text, first, text.length());
        end.delete(0, Math.max(0, end.length() - KEPT));
    }

    /** Waits a moment for the rest, and returns a sentence. */
    String shown() {
        try {
            TimeUnit.MILLISECONDS.timedJoin(reader, READ_ON_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            String all = beginning.length() < KEPT ? beginning.toString() : beginning + " … " + end;
            String text = Texts.oneLine(all, 2 * KEPT + 10);
            return text.isEmpty() ? "It wrote nothing." : "It wrote: " + text;
        }
    }
}
