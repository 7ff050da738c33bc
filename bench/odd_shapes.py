#!/usr/bin/env python3
"""Is the time a span independent of the shape of its trace?

    bench/odd_shapes.py [PROGRAM] [--limit RATIO] [--runs N] [--only PART-OF-NAME]

Writes files of odd shapes (very long, very wide, very deep traces; templates all different or all equal; many scopes), runs
`analyze` on each and prints the CPU time (user and system, all threads) a span against an ordinary file of the same format
and number of spans, best of N runs, an empty file's time taken off. Exits with 1 when a shape costs more than RATIO times the
ordinary file.

What makes it unfair: a span with 8 scopes of its own has 8 texts that occur nowhere else and 250 bytes more; of these shapes
only the growth is judged. A template of its own is a new text too and is compared with an ordinary span all the same.
"""
import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

START = datetime(2025, 7, 10, 14, 32, 1)
SPANS_A_TRACE = 18
SERVICES = ["order-svc", "stock-svc", "user-svc", "mail-svc"]


# -- spans: what all formats can say

def span_id(number):
    return f"{number + 1:016x}"


def span(trace, number, parent, template, literal=True, scopes=()):
    """Span `number` below span `parent`; one that is its own parent, or has -1, has none."""
    statement = f"SELECT id, name, price FROM table_{template} WHERE owner = {number * 7 if literal else '?'} AND state = 'open'"
    above = None if parent in (-1, number) else span_id(parent)
    return {"trace": trace, "id": span_id(number), "parent": above, "statement": statement, "scopes": scopes,
            "service": SERVICES[number % 4], "ms": trace * 3 + number * 7, "us": 20_800 + number % 500}  # siblings overlap


def ordinary(count, template=lambda i: i % 10):
    return [span(i // SPANS_A_TRACE, i, i // SPANS_A_TRACE * SPANS_A_TRACE + i % SPANS_A_TRACE // 5, template(i))
            for i in range(count)]


SHAPES = {
    "one trace of 50 000": lambda: [span(0, i, i // 5, i % 10) for i in range(50_000)],
    "20 000 children of one parent": lambda: [span(0, i, 0, i % 10) for i in range(20_000)],
    "chain of 100 000 parents": lambda: [span(0, i, i - 1, i % 10) for i in range(100_000)],
    "templates all different": lambda: ordinary(100_000, lambda i: i),
    "templates all equal": lambda: ordinary(100_000, lambda i: 0),
    "one trace, all different": lambda: [span(0, i, i // 5, i) for i in range(50_000)],
    "one trace, all equal": lambda: [span(0, i, i // 5, 0) for i in range(50_000)],
    "4 000 sanitized, 8 scopes": lambda: scoped(4_000),
    "16 000 sanitized, 8 scopes": lambda: scoped(16_000),
    "4 000 sanitized, 8 scopes of their own": lambda: scoped(4_000, own=True),
    "16 000 sanitized, 8 scopes of their own": lambda: scoped(16_000, own=True),
}
# Compared with another shape than the ordinary one; with None, with nothing.
COMPARED_WITH = {
    "4 000 sanitized, 8 scopes of their own": None,
    "16 000 sanitized, 8 scopes of their own": "4 000 sanitized, 8 scopes of their own",
}


def scoped(count, own=False):
    return [span(0, i, 0, 0, literal=False, scopes=[f"io.lib-{i if own else 0}.part-{k}" for k in range(8)])
            for i in range(count)]


# -- formats

def native(spans):
    def event(s):
        stamp = (START + timedelta(milliseconds=s["ms"])).isoformat(timespec="milliseconds") + "Z"
        out = {"timestamp": stamp, "trace_id": f"{s['trace'] + 1:032x}", "span_id": s["id"]}
        if s["parent"]:
            out["parent_span_id"] = s["parent"]
        out |= {"service": s["service"], "type": "sql", "operation": "SELECT", "target": s["statement"], "duration_us": s["us"],
                "source": {"endpoint": "POST /api/orders", "method": "OrderService.create"}}
        if s["scopes"]:
            out["instrumentation_scopes"] = s["scopes"]
        return json.dumps(out, separators=(",", ":"))

    return "[" + ",\n".join(map(event, spans)) + "]"


def otlp(spans):
    def one(s):
        begin = int(START.timestamp()) * 1_000_000_000 + s["ms"] * 1_000_000
        out = {"traceId": f"{s['trace'] + 1:032x}", "spanId": s["id"]}
        if s["parent"]:
            out["parentSpanId"] = s["parent"]
        out |= {"name": "SELECT", "kind": 3, "startTimeUnixNano": str(begin), "endTimeUnixNano": str(begin + s["us"] * 1000),
                "attributes": [{"key": "db.system", "value": {"stringValue": "postgresql"}},
                               {"key": "db.statement", "value": {"stringValue": s["statement"]}}]}
        return json.dumps(out, separators=(",", ":"))

    resource = '{"attributes":[{"key":"service.name","value":{"stringValue":"order-svc"}}]}'
    return ('{"resourceSpans":[{"resource":' + resource + ',"scopeSpans":[{"scope":{"name":"lib"},"spans":['
            + ",\n".join(map(one, spans)) + "]}]}]}")


def jaeger(spans):
    def one(s):
        out = {"traceID": f"{s['trace'] + 1:032x}", "spanID": s["id"], "operationName": "SELECT", "references": []}
        if s["parent"]:
            out["references"] = [{"refType": "CHILD_OF", "traceID": out["traceID"], "spanID": s["parent"]}]
        out |= {"startTime": int(START.timestamp()) * 1_000_000 + s["ms"] * 1000, "duration": s["us"], "processID": "p1",
                "tags": [{"key": "db.system", "type": "string", "value": "postgresql"},
                         {"key": "db.statement", "type": "string", "value": s["statement"]}]}
        return json.dumps(out, separators=(",", ":"))

    def trace(group):
        return ('{"traceID":"' + f"{group[0]['trace'] + 1:032x}" + '","spans":[' + ",\n".join(map(one, group))
                + '],"processes":{"p1":{"serviceName":"order-svc"}}}')

    groups = itertools.groupby(spans, key=lambda s: s["trace"])
    return '{"data":[' + ",\n".join(trace(list(group)) for _, group in groups) + "]}"


def zipkin(spans):
    def one(s):
        out = {"traceId": f"{s['trace'] + 1:032x}", "id": s["id"]}
        if s["parent"]:
            out["parentId"] = s["parent"]
        out |= {"kind": "CLIENT", "name": "select", "timestamp": int(START.timestamp()) * 1_000_000 + s["ms"] * 1000,
                "duration": s["us"], "localEndpoint": {"serviceName": "order-svc"},
                "tags": {"db.system": "postgresql", "db.statement": s["statement"]}}
        return json.dumps(out, separators=(",", ":"))

    # Without a span the format would not be recognised.
    return "[" + ",\n".join(map(one, spans or [span(0, 0, -1, 0)])) + "]"


STRUCTURAL = {name: SHAPES[name] for name in ("one trace of 50 000", "20 000 children of one parent", "chain of 100 000 parents")}
FORMATS = {"native": (native, SHAPES), "otlp-json": (otlp, STRUCTURAL), "jaeger": (jaeger, STRUCTURAL),
           "zipkin": (zipkin, STRUCTURAL)}


# -- measuring

def cpu_seconds(program, path):
    """User and system time of one run."""
    run = subprocess.Popen([program, "analyze", "--input", path, "--format", "json"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, cwd=os.path.dirname(path))
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode not in (0, 1):
        sys.exit(f"{program} analyze {path}: exit {run.returncode}")
    return usage.ru_utime + usage.ru_stime


def best(program, path, runs):
    return min(cpu_seconds(program, path) for _ in range(runs))


def findings(program, path):
    answer = subprocess.run([program, "analyze", "--input", path, "--format", "json"], capture_output=True,
                            cwd=os.path.dirname(path)).stdout
    return len(json.loads(answer)["findings"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", nargs="?", default="build/release/perf-sentinel")
    parser.add_argument("--limit", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "spans.json")
        print(f"{'':50}{'spans':>8}{'MB':>7}{'findings':>10}{'us/span':>9}{'against':>9}{'ratio':>7}")
        for format_name, (write, shapes) in FORMATS.items():
            with open(path, "w") as out:
                out.write(write([]))
            start = best(program, path, options.runs * 2)
            measured = {}

            def measure(spans):
                with open(path, "w") as out:
                    out.write(write(spans))
                return (best(program, path, options.runs) - start) / len(spans) * 1e6

            for name, make in shapes.items():
                if options.only not in name:
                    continue
                spans = make()
                against = COMPARED_WITH.get(name, f"ordinary, {len(spans)}")
                if against is not None and against not in measured:
                    measured[against] = measure(SHAPES[against]() if against in SHAPES else ordinary(len(spans)))
                each = measured[name] = measure(spans)
                base = measured[against] if against is not None else each
                over = each > base * options.limit
                failed |= over
                print(f"{format_name + ': ' + name:50}{len(spans):>8}{os.path.getsize(path) / 1e6:>7.1f}"
                      f"{findings(program, path):>10}{each:>9.3f}{base:>9.3f}{each / base:>7.2f}{'  OVER' if over else ''}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
