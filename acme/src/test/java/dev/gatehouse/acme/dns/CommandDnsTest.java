package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs that do well, badly, and not at all. */
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class CommandDnsTest {

    private static final ChallengeRecord RECORD = Records.at("_acme-challenge.app.example.com");

    @TempDir
    private Path folder;

    @Test
    void theProgramGetsArgumentsAndEnvironment() throws Exception {
        Path seen = folder.resolve("seen");
        CommandDns command = CommandDns.running(
                        script(
                                "echo \"$@\" >> \"$SEEN\"; env | grep ^GATEHOUSE_DNS_ | sort >> \"$SEEN\"; cat >> \"$SEEN\""),
                        "--zone",
                        "a b; $(reboot)")
                .environment("SEEN", seen.toString());

        command.present(RECORD);
        command.remove(RECORD);

        assertThat(Files.readString(seen)).isEqualTo(expected("present") + expected("cleanup"));
    }

    private static String expected(String action) {
        return """
                --zone a b; $(reboot) %1$s _acme-challenge.app.example.com. %2$s
                GATEHOUSE_DNS_ACTION=%1$s
                GATEHOUSE_DNS_DOMAIN=app.example.com
                GATEHOUSE_DNS_NAME=_acme-challenge.app.example.com.
                GATEHOUSE_DNS_TTL=60
                GATEHOUSE_DNS_VALUE=%2$s
                """.formatted(action, RECORD.value());
    }

    @Test
    void aFailureShowsWhatTheProgramWrote() throws Exception {
        Path program = script("echo out; echo 'no such zone' >&2; exit 3");

        assertThat(failure(CommandDns.running(program)))
                .returns(Reason.UNAVAILABLE, DnsProviderException::reason)
                .hasMessage("DNS command " + program + " ended its 'present' with status 3. Mend it."
                        + " It wrote: out no such zone");
    }

    @Test
    void endlessOutputIsReadButNotKept() throws Exception {
        Path program = script("i=0; while [ $i -lt 20000 ]; do echo line-$i; i=$((i+1)); done; echo the end; exit 1");

        assertThat(failure(CommandDns.running(program)).getMessage())
                .contains("line-0 line-1")
                .contains(" … ")
                .endsWith("the end")
                .hasSizeLessThan(2_300);
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithItsChildren() throws Exception {
        Path pid = folder.resolve("pid");
        Path program = script("echo started; sleep 600 & echo $! > " + pid + "; wait");

        assertThat(failure(CommandDns.running(program).timeout(Duration.ofMillis(700))))
                .returns(Reason.UNAVAILABLE, DnsProviderException::reason)
                .hasMessageContaining("did not end its 'present' within 700 ms and was killed")
                .hasMessageEndingWith("It wrote: started");
        long child = Long.parseLong(Files.readString(pid).strip());
        await().until(() -> ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false), alive -> !alive);
    }

    @Test
    void aChildThatHoldsTheOutputOpenIsNotWaitedFor() throws Exception {
        Path pid = folder.resolve("pid");
        CommandDns.running(script("sleep 600 & echo $! > " + pid + "; exit 0")).present(RECORD);

        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())))
                .hasValueSatisfying(ProcessHandle::destroyForcibly);
    }

    @Test
    void aProgramThatCannotBeStartedIsExplained() throws Exception {
        Path program = executable("#!/no/such/interpreter\n");

        assertThat(failure(CommandDns.running(program)))
                .returns(Reason.REFUSED, DnsProviderException::reason)
                .hasMessageContaining("could not be started")
                .hasMessageEndingWith("Check that it is executable, and its first line.");
    }

    @Test
    void settingsThatCannotWorkAreRefused() throws Exception {
        assertThatThrownBy(() -> CommandDns.running(folder.resolve("absent")))
                .hasMessage("DNS command '" + folder.resolve("absent") + "' is not an executable file."
                        + " Check the path, and chmod +x it.");
        CommandDns command = CommandDns.running(script("")).environment("A", "b");
        assertThatThrownBy(() -> command.environment("A", "c")).hasMessageContaining("is set twice");
        assertThatThrownBy(() -> command.environment("GATEHOUSE_DNS_NAME", "c")).hasMessageContaining("cannot be set");
        assertThatThrownBy(() -> command.timeout(Duration.ofHours(1))).hasMessageContaining("PT1H");
    }

    private static DnsProviderException failure(CommandDns command) {
        return catchThrowableOfType(DnsProviderException.class, () -> command.present(RECORD));
    }

    private Path script(String body) throws IOException {
        return executable("#!/bin/sh\n" + body + "\n");
    }

    private Path executable(String text) throws IOException {
        Path file = Files.createTempFile(folder, "hook", ".sh");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
