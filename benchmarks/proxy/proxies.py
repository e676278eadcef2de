"""The proxies that are compared: how each is started, and what it can do."""

import dataclasses
import os
import string

from processes import Failure, Process

HERE = os.path.dirname(os.path.abspath(__file__))
JVM_OPTIONS = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC"]

GATEHOUSE = "gatehouse"
GATEHOUSE_CONSCRYPT = "gatehouse, Conscrypt"
ON_JETTY = "Gatehouse on Jetty"
ON_JETTY_CONSCRYPT = "Gatehouse on Jetty, Conscrypt"
NGINX = "nginx"
HAPROXY = "HAProxy"
CADDY = "Caddy"
GO = "Go ReverseProxy"
UNDERTOW = "Undertow ProxyHandler"
JETTY = "Jetty ProxyHandler"


@dataclasses.dataclass(frozen=True)
class Proxy:
    """A kind of proxy. Buffers are those of requests: in memory for small ones, for large ones in files or memory."""

    name: str
    command: callable
    is_jvm: bool = False
    buffers_small: bool = False
    buffers_large: bool = False


@dataclasses.dataclass
class Place:
    """Where a proxy listens and what it needs."""

    work: str
    http: int
    https: int
    origin: int
    silent: int
    chain: str
    key: str
    combined: str

    def configuration(self, name):
        """Fills in a file of the folder `configurations`, and returns the path of the result."""
        with open(os.path.join(HERE, "configurations", name)) as template:
            text = template.read()
        for key, value in dataclasses.asdict(self).items():
            text = text.replace(f"@{key.upper()}@", str(value))
        text = text.replace("@KIBIBYTE@", (string.ascii_lowercase * 40)[:1024])
        path = os.path.join(self.work, f"{self.http}-{name}")
        with open(path, "w") as filled:
            filled.write(text)
        return path

    def arguments(self):
        return [str(each) for each in (self.http, self.https, self.origin, self.silent, self.chain, self.key)]


def java(class_path, main, arguments, options=()):
    home = os.environ.get("JAVA_HOME")
    executable = os.path.join(home, "bin", "java") if home else "java"
    return [executable, *JVM_OPTIONS, *options, "-cp", os.pathsep.join(class_path), main, *arguments]


def jar(module, name):
    path = os.path.join(HERE, "..", "..", module, "target", name)
    if not os.path.exists(path):
        raise Failure(f"{module}/target/{name} is missing. Build first: mvn -B -ntp -q -DskipTests"
                      " -Dmaven.javadoc.skip -pl benchmarks,examples -am package")
    return os.path.abspath(path)


def gatehouse(place, *further):
    return java(
        [jar("examples", "gatehouse.jar"), *further],
        "dev.gatehouse.examples.proxy.Gatehouse",
        ["run", "--config", place.configuration("gatehouse.yml"), "--bind", "127.0.0.1",
         "--http-port", str(place.http), "--https-port", str(place.https),
         "--storage", os.path.join(place.work, f"{place.http}-certificates")])


def benchmark_program(place, main, *further):
    return java([jar("benchmarks", "benchmarks.jar"), *further], "dev.gatehouse.benchmarks.proxy." + main,
                place.arguments())


def conscrypt():
    return jar("benchmarks", "conscrypt.jar")


ALL = [
    Proxy(GATEHOUSE, gatehouse, is_jvm=True, buffers_small=True, buffers_large=True),
    Proxy(GATEHOUSE_CONSCRYPT, lambda place: gatehouse(place, conscrypt()), is_jvm=True),
    Proxy(ON_JETTY, lambda place: benchmark_program(place, "GatehouseOnJetty"), is_jvm=True, buffers_small=True,
          buffers_large=True),
    Proxy(ON_JETTY_CONSCRYPT, lambda place: benchmark_program(place, "GatehouseOnJetty", conscrypt()), is_jvm=True),
    Proxy(NGINX, lambda place: ["nginx", "-c", place.configuration("nginx.conf")], buffers_small=True,
          buffers_large=True),
    Proxy(HAPROXY, lambda place: ["haproxy", "-db", "-f", place.configuration("haproxy.cfg")], buffers_small=True),
    Proxy(CADDY, lambda place: ["caddy", "run", "--adapter", "caddyfile", "--config",
                                place.configuration("Caddyfile")], buffers_small=True, buffers_large=True),
    Proxy(GO, lambda place: [os.path.join(place.work, "go-proxy"), *place.arguments()]),
    Proxy(UNDERTOW, lambda place: benchmark_program(place, "UndertowProxy"), is_jvm=True, buffers_small=True),
    Proxy(JETTY, lambda place: benchmark_program(place, "JettyProxy"), is_jvm=True),
]


class Running:
    """A proxy that runs."""

    def __init__(self, proxy, place, processor):
        self.proxy = proxy
        self.name = proxy.name
        self.place = place
        self.process = Process(proxy.name, proxy.command(place), processor, place.work)
        self.process.await_port(place.http)
        self.process.await_port(place.https)
