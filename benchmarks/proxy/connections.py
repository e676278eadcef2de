"""What 10,000 idle connections cost, and how fast a client that leaves ends the request at the origin."""

import os
import resource
import selectors
import signal
import socket
import statistics
import subprocess
import threading
import time

from processes import Failure

IDLE_CONNECTIONS = 10_000
CANCELLATIONS = 5
PATIENCE = 5.0


class SilentOrigin:
    """Accepts requests and never answers. Tells when one has come, and when its connection has ended."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.arrived = threading.Event()
        self.ended = threading.Event()
        self.ended_at = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def expect(self):
        self.arrived.clear()
        self.ended.clear()

    def _accept(self):
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection):
        with connection:
            try:
                while connection.recv(65536):
                    self.arrived.set()
            except OSError:
                pass
        self.ended_at = time.monotonic()
        self.ended.set()


def cancellation(running, silent, protocol):
    """The median time in ms from the client's end to that of the origin's request; None if it is not ended at all."""
    address, fields = {
        "HTTP/1.1": (f"http://127.0.0.1:{running.place.http}", ["--http1.1", "-H", "Host: plain.test"]),
        "HTTP/1.1, TLS": (f"https://localhost:{running.place.https}", ["--http1.1"]),
        "HTTP/2": (f"https://localhost:{running.place.https}", ["--http2"]),
    }[protocol]
    times = []
    for _ in range(CANCELLATIONS):
        silent.expect()
        client = subprocess.Popen(["curl", "-s", "-k", "-o", os.devnull, *fields, address + "/silent"])
        try:
            if not silent.arrived.wait(4 * PATIENCE):
                raise Failure(f"{running.name}, {protocol}: the request has not reached the origin")
            time.sleep(0.3)
            left_at = time.monotonic()
        finally:
            client.send_signal(signal.SIGKILL)
            client.wait()
        if not silent.ended.wait(PATIENCE):
            return None
        times.append((silent.ended_at - left_at) * 1000)
    return statistics.median(times)


def idle_memory(running):
    """Opens the connections, sends a request over each, and returns memory before and after in MB."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = running.process.memory()
    connections = []
    try:
        while len(connections) < IDLE_CONNECTIONS:
            some = [socket.create_connection(("127.0.0.1", running.place.http)) for _ in range(100)]
            connections += some
            ask_once(some)
        return before, running.process.memory()
    finally:
        for connection in connections:
            connection.close()


def ask_once(connections):
    waiting = selectors.DefaultSelector()
    for connection in connections:
        connection.sendall(b"GET /1k HTTP/1.1\r\nHost: plain.test\r\n\r\n")
        waiting.register(connection, selectors.EVENT_READ, bytearray())
    while waiting.get_map():
        ready = waiting.select(timeout=10)
        if not ready:
            raise Failure("idle connections: a request was not answered within 10 s")
        for key, _ in ready:
            received = key.fileobj.recv(65536)
            if not received:
                raise Failure(f"idle connections: one was closed; before that came {bytes(key.data)[:200]}")
            key.data.extend(received)
            head = key.data.find(b"\r\n\r\n")
            if head >= 0 and len(key.data) >= head + 4 + 1024:
                waiting.unregister(key.fileobj)
    waiting.close()
