"""One run of grpcurl against a receiver: so many traces, in several calls, with nothing known of the service but what the
receiver's reflection says. Prints each trace id; exits 1 unless reflection lists the services and every call ended with OK.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import time

CALLS = 4
EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService/Export"
HEALTH = "grpc.health.v1.Health/Check"
SERVICES = {EXPORT.split("/", maxsplit=1)[0], HEALTH.split("/", maxsplit=1)[0], "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection"}


def bytes_field(value):
    return base64.b64encode(value).decode()


def attribute(key, value):
    return {"key": key, "value": {"stringValue": value}}


def spans_of_trace(trace_id, number, queries):
    """One request of a shop: a server span over database calls of one shape."""
    now = time.time_ns()

    def span(name, kind, attributes, parent=b""):
        return {"traceId": bytes_field(trace_id), "spanId": bytes_field(os.urandom(8)), "parentSpanId": bytes_field(parent),
                "name": name, "kind": kind, "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1_000_000),
                "attributes": [attribute(*pair) for pair in attributes.items()]}

    root = span("GET /orders/{id}", "SPAN_KIND_SERVER", {"http.request.method": "GET", "http.route": "/orders/{id}"})
    yield root
    for q in range(queries):
        statement = f"SELECT name FROM items WHERE id = {number * queries + q}"
        yield span("SELECT items", "SPAN_KIND_CLIENT", {"db.system": "postgresql", "db.statement": statement},
                   base64.b64decode(root["spanId"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grpcurl", required=True)
    parser.add_argument("--protocol", choices=["grpc"], default="grpc")
    parser.add_argument("--endpoint", required=True, metavar="HOST:PORT")
    parser.add_argument("--ca", help="PEM of the receiver's authority; without it: no TLS")
    parser.add_argument("--certificate", help="PEM of the client's own certificate")
    parser.add_argument("--key", help="PEM of its key")
    parser.add_argument("--traces", type=int, required=True)
    parser.add_argument("--queries", type=int, required=True)
    flags = parser.parse_args()
    options = ["-max-time", "60", *(["-cacert", flags.ca] if flags.ca else ["-plaintext"])]
    options += ["-cert", flags.certificate, "-key", flags.key] if flags.certificate else []

    def grpcurl(*arguments, message=None):
        command = [flags.grpcurl, *options, *(["-d", "@"] if message is not None else []), flags.endpoint, *arguments]
        run = subprocess.run(command, input=json.dumps(message), stdout=subprocess.PIPE, text=True, check=False)
        return run.stdout if run.returncode == 0 else f"grpcurl: exit {run.returncode}"

    wrong = []
    if (listed := set(grpcurl("list").split())) != SERVICES:
        wrong.append(f"the services listed are {sorted(listed)}")
    for of in (EXPORT.replace("/", "."), "opentelemetry.proto.trace.v1.Span"):
        if not (described := grpcurl("describe", of)).startswith(f"{of} is a "):
            wrong.append(f"{of} is described as {described}")
    if "SERVING" not in (answer := grpcurl(HEALTH, message={})).split('"'):
        wrong.append(f"health: {answer}")

    trace_ids = [os.urandom(16) for _ in range(flags.traces)]
    size = -(-flags.traces // CALLS)
    for first in range(0, flags.traces, size):
        spans = [span for n, trace_id in enumerate(trace_ids[first:first + size])
                 for span in spans_of_trace(trace_id, first + n, flags.queries)]
        resource = {"attributes": [attribute("service.name", "interop-grpcurl")]}
        answer = grpcurl(EXPORT, message={"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]})
        if answer.split() != ["{}"]:
            wrong.append(f"export: {answer}")
    print("\n".join(trace_id.hex() for trace_id in trace_ids))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
