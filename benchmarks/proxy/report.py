"""The table and the targets, as Markdown."""

import collections
import statistics

import scenarios
from proxies import (CADDY, GATEHOUSE, GATEHOUSE_CONSCRYPT, GO, HAPROXY, ON_JETTY, ON_JETTY_CONSCRYPT)

REFERENCES = (HAPROXY, CADDY, GO)


def medians(windows):
    """By scenario and proxy: the median of each figure over the rounds."""
    groups = collections.defaultdict(list)
    for window in windows:
        groups[window.scenario, window.proxy].append(window)
    return {
        key: {
            field: statistics.median(getattr(window, field) for window in group)
            for field in ("rate", "p50", "p99", "cpu", "foreign")
        } | {"memory": max(window.memory for window in group), "windows": len(group)}
        for key, group in groups.items()
    }


def table(results, order):
    lines = [
        "| Load | Proxy | Requests/s | p50 ms | p99 ms | CPU µs/request | Of HAProxy's | Of Caddy's | Of Go's | Peak MB"
        " | Windows |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for scenario in scenarios.ALL:
        for name in order:
            result = results.get((scenario.name, name))
            if result:
                ratios = " | ".join(ratio_text(ratio(results, scenario.name, name, other)) for other in REFERENCES)
                disturbed = "" if result["foreign"] <= scenarios.QUIET else ", disturbed"
                lines.append(
                    f"| {scenario.title} | {name} | {figure(result['rate'])} | {figure(result['p50'])}"
                    f" | {figure(result['p99'])} | {figure(result['cpu'])} | {ratios} | {result['memory']:.0f}"
                    f" | {result['windows']}{disturbed} |")
    return "\n".join(lines)


def figure(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def ratio(results, scenario, name, other, field="cpu"):
    """None if one of the two was not measured."""
    one, two = results.get((scenario, name)), results.get((scenario, other))
    return one[field] / two[field] if one and two else None


def ratio_text(value):
    return "" if value is None else f"{value:.2f}"


def connections_table(idle, cancelled):
    lines = ["| Proxy | MB with 10,000 idle connections | Of that before them | Request at the origin ended after the"
             " client left, ms: HTTP/1.1 | HTTP/1.1, TLS | HTTP/2 |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name in dict.fromkeys([*idle, *cancelled]):
        before, after = idle.get(name, (None, None))
        times = [cancellation_text(cancelled.get(name, {}), protocol)
                 for protocol in ("HTTP/1.1", "HTTP/1.1, TLS", "HTTP/2")]
        lines.append(f"| {name} | {'' if after is None else f'{after:.0f}'} | {'' if before is None else f'{before:.0f}'}"
                     f" | {' | '.join(times)} |")
    return "\n".join(lines)


def cancellation_text(times, protocol):
    if protocol not in times:
        return ""
    return "never" if times[protocol] is None else f"{times[protocol]:.0f}"


def targets(results, idle, cancelled):
    """What was promised, and whether it is kept; only what was measured."""
    lines = ["| Target | Measured | Kept |", "| --- | ---: | --- |"]

    def judge(text, value, limit, form="{:.2f}"):
        if value is not None:
            lines.append(f"| {text} | {form.format(value)} | {'yes' if value <= limit else '**no**'} |")

    def cpu(text, scenario, name, other, limit):
        judge(f"{text}: CPU at most {limit} times {other}'s", ratio(results, scenario, name, other), limit)

    cpu("gatehouse, 1 KiB", "1k", GATEHOUSE, HAPROXY, 1.25)
    cpu("gatehouse, 1 KiB", "1k", GATEHOUSE, CADDY, 0.4)
    cpu("gatehouse, 1 KiB", "1k", GATEHOUSE, GO, 0.5)
    cpu("gatehouse, 1 KiB, TLS of the JDK", "1k-tls", GATEHOUSE, HAPROXY, 1.4)
    cpu("gatehouse, 1 KiB, Conscrypt", "1k-tls", GATEHOUSE_CONSCRYPT, HAPROXY, 1.15)
    cpu("Gatehouse on Jetty, 1 KiB", "1k", ON_JETTY, HAPROXY, 1.6)
    cpu("gatehouse, 1 MiB", "1m", GATEHOUSE, HAPROXY, 1.0)
    cpu("gatehouse, 1 MiB, Conscrypt", "1m-tls", GATEHOUSE_CONSCRYPT, HAPROXY, 1.0)
    for scenario, title in (("1k", "1 KiB"), ("1k-tls", "1 KiB, TLS")):
        for name in (GATEHOUSE, GATEHOUSE_CONSCRYPT, ON_JETTY, ON_JETTY_CONSCRYPT):
            judge(f"{name}, {title}: p99 at most Caddy's", ratio(results, scenario, name, CADDY, "p99"), 1.0)
    for name in (GATEHOUSE, ON_JETTY):
        streamed, buffered = results.get(("post", name)), results.get(("post-buffered", name))
        if streamed and buffered:
            judge(f"{name}: buffering requests of 4 KiB costs less than 10 %",
                  buffered["cpu"] / streamed["cpu"] - 1, 0.1, "{:.0%}")
        judge(f"{name}: 10,000 idle connections within 200 MB", idle.get(name, (None, None))[1], 200, "{:.0f} MB")
        for protocol, milliseconds in cancelled.get(name, {}).items():
            judge(f"{name}, {protocol}: a client that leaves ends the request at the origin within 500 ms",
                  float("inf") if milliseconds is None else milliseconds, 500, "{:.0f} ms")
    return "\n".join(lines)
