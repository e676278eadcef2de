"""The loads, and a window of measuring one of them with one proxy."""

import dataclasses
import json
import os
import subprocess
import sys
import time

import processes
from processes import Failure
from proxies import GATEHOUSE_CONSCRYPT, HERE, ON_JETTY_CONSCRYPT

CONNECTIONS = 64
UPLOAD_BYTES = 100 * 1024 * 1024

# A window is measured again if others use more of the processors than this; the quietest of the attempts counts.
QUIET = 0.2
WARM_UP_PIECE = 6
ATTEMPTS = 3


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    path: str
    tls: bool = False
    host: str = "plain.test"
    method: str = "GET"
    content: int = 0
    is_upload: bool = False

    @property
    def is_buffered(self):
        return self.host == "buffered.test"

    def fits(self, proxy):
        if not self.tls and proxy.name in (GATEHOUSE_CONSCRYPT, ON_JETTY_CONSCRYPT):
            return False
        if self.is_buffered:
            return proxy.buffers_large if self.is_upload else proxy.buffers_small
        return True


ALL = [
    Scenario("1k", "1 KiB", "/1k"),
    Scenario("1k-tls", "1 KiB, TLS", "/1k", tls=True, host="-"),
    Scenario("1m", "1 MiB", "/1m"),
    Scenario("1m-tls", "1 MiB, TLS", "/1m", tls=True, host="-"),
    Scenario("post", "POST of 4 KiB", "/post", method="POST", content=4096),
    Scenario("post-buffered", "POST of 4 KiB, buffered", "/post", host="buffered.test", method="POST", content=4096),
    Scenario("upload", "POST of 100 MiB", "/upload", method="POST", is_upload=True),
    Scenario("upload-buffered", "POST of 100 MiB, buffered", "/upload", host="buffered.test", method="POST",
             is_upload=True),
]


@dataclasses.dataclass
class Window:
    """What was measured: requests and seconds, milliseconds, microseconds, MB, and the processors that others used."""

    scenario: str
    proxy: str
    rate: float
    p50: float
    p99: float
    cpu: float
    memory: float
    foreign: float


class Load:
    """The load generator, on the processor of the origin."""

    def __init__(self, work, origin, processor, seconds):
        self.work = work
        self.origin = origin
        self.processor = processor
        self.seconds = seconds
        self.upload_file = os.path.join(work, "upload")
        with open(self.upload_file, "wb") as file:
            file.write(bytes(UPLOAD_BYTES))

    def warm_up(self, running, scenarios, seconds):
        """In pieces: connections that end make a JVM compile again what it had compiled without ever seeing an end."""
        fitting = [scenario for scenario in scenarios if scenario.fits(running.proxy)]
        pieces = max(1, round(seconds / WARM_UP_PIECE))
        for number in range(max(pieces, len(fitting))):
            self._run(running, fitting[number % len(fitting)], min(seconds, WARM_UP_PIECE))

    def window(self, running, scenario):
        """Measures until nothing has disturbed, at most ATTEMPTS times."""
        attempts = []
        for _ in range(ATTEMPTS):
            attempt = self._window(running, scenario)
            if attempt:
                attempts.append(attempt)
                if attempt.foreign <= QUIET:
                    break
        if not attempts:
            print(f"{running.name}, {scenario.title}: no window without errors. Look at {running.process.log};"
                  " --keep keeps it.", file=sys.stderr, flush=True)
            return None
        return min(attempts, key=lambda window: window.foreign)

    def _window(self, running, scenario):
        process = running.process
        self._run(running, scenario, 0.3)
        process.forget_peak_memory()
        own_before = self._own_seconds(process)
        busy_before, cpu_before, began = processes.machine_busy_seconds(), process.cpu_seconds(), time.monotonic()
        measured = self._run(running, scenario, self.seconds)
        seconds = time.monotonic() - began
        cpu = process.cpu_seconds() - cpu_before
        foreign = processes.machine_busy_seconds() - busy_before - (self._own_seconds(process) - own_before)
        if measured["errors"]:
            print(f"{running.name}, {scenario.title}: {measured['errors']} errors in {measured['requests']} requests",
                  file=sys.stderr, flush=True)
            return None
        if not measured["requests"]:
            return None
        return Window(
            scenario.name, running.name, measured["requests"] / measured["seconds"], measured["p50"], measured["p99"],
            cpu * 1e6 / measured["requests"], process.peak_memory(), max(0.0, foreign / seconds))

    def _own_seconds(self, process):
        times = os.times()
        return (process.cpu_seconds() + self.origin.cpu_seconds()
                + times.user + times.system + times.children_user + times.children_system)

    def _run(self, running, scenario, seconds):
        if scenario.is_upload:
            return self._upload(running, scenario, seconds)
        address = f"https://localhost:{running.place.https}" if scenario.tls \
            else f"http://127.0.0.1:{running.place.http}"
        output = self._on_own_processor([
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "20s",
            "-s", os.path.join(HERE, "load.lua"), address + scenario.path,
            "--", scenario.method, scenario.host, str(scenario.content)])
        return json.loads(output.strip().splitlines()[-1])

    def _upload(self, running, scenario, seconds):
        """One after the other, until the time is over."""
        latencies = []
        began = time.monotonic()
        while not latencies or time.monotonic() - began < seconds:
            start = time.monotonic()
            status = self._on_own_processor([
                "curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-X", "POST", "-T", self.upload_file,
                "-H", "Expect:", "-H", "Host: " + scenario.host,
                f"http://127.0.0.1:{running.place.http}{scenario.path}"])
            if status != "200":
                return {"requests": len(latencies) + 1, "seconds": 1, "p50": 0, "p99": 0, "errors": 1}
            latencies.append((time.monotonic() - start) * 1000)
        latencies.sort()
        return {"requests": len(latencies), "seconds": time.monotonic() - began,
                "p50": latencies[len(latencies) // 2], "p99": latencies[-1], "errors": 0}

    def _on_own_processor(self, command):
        result = subprocess.run(command, capture_output=True, text=True,
                                preexec_fn=lambda: os.sched_setaffinity(0, {self.processor}))
        if result.returncode != 0:
            raise Failure(f"{' '.join(command)}: ended with {result.returncode}. {result.stderr}{result.stdout}")
        return result.stdout
