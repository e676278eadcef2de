"""Processes on a processor of their own, what they cost, and what else the machine does meanwhile."""

import os
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something that the user can put right; the text says how."""


class Process:
    """A process that runs on one processor. Its output goes to a file in the work folder."""

    def __init__(self, name, command, processor, work):
        self.name = name
        self.log = os.path.join(work, name.replace(" ", "-") + ".out")
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=work,
                env=os.environ | {"XDG_CONFIG_HOME": work, "XDG_DATA_HOME": work},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.sched_setaffinity(0, {processor}))

    @property
    def id(self):
        return self.process.pid

    def await_port(self, port, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        with open(self.log, errors="replace") as log:
            end = log.read()[-2000:]
        raise Failure(f"{self.name}: does not listen on port {port}. Its last output:\n{end}")

    def pause(self):
        os.kill(self.id, signal.SIGSTOP)

    def resume(self):
        os.kill(self.id, signal.SIGCONT)

    def stop(self):
        if self.process.poll() is None:
            self.resume()
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu_seconds(self):
        """User and system time of the process and of those that it has started."""
        return sum(cpu_seconds(each) for each in family(self.id))

    def forget_peak_memory(self):
        for each in family(self.id):
            with open(f"/proc/{each}/clear_refs", "w") as clear:
                clear.write("5")

    def peak_memory(self):
        return sum(memory(each, "VmHWM") for each in family(self.id))

    def memory(self):
        return sum(memory(each, "VmRSS") for each in family(self.id))


def family(process):
    """The process and its descendants."""
    members = [process]
    for member in members:
        try:
            with open(f"/proc/{member}/task/{member}/children") as children:
                members.extend(int(child) for child in children.read().split())
        except FileNotFoundError:
            pass
    return members


def cpu_seconds(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(process, field):
    """In MB; zero if the process has ended."""
    try:
        with open(f"/proc/{process}/status") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024 / 1e6
    except FileNotFoundError:
        pass
    return 0.0


def machine_busy_seconds():
    """What all processors have done, and what the host of a virtual machine took from them."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, stat.readline().split()[1:9])
    return (user + nice + system + interrupts + soft_interrupts + stolen) / TICKS
