"""One run of curl against a receiver: so many traces as OTLP JSON, in several requests. Prints each trace id; exits 1 unless
every request was answered with 200 over the version of HTTP that was asked for.
"""

import argparse
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

REQUESTS = 4


def attribute(key, value):
    return {"key": key, "value": {"stringValue": value}}


def spans_of_trace(trace_id, number, queries):
    """One request of a shop: a server span over database calls of one shape."""
    now = time.time_ns()

    def span(name, kind, attributes, parent=""):
        return {"traceId": trace_id, "spanId": os.urandom(8).hex(), "parentSpanId": parent, "name": name, "kind": kind,
                "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1_000_000),
                "attributes": [attribute(*pair) for pair in attributes.items()]}

    root = span("GET /orders/{id}", 2, {"http.request.method": "GET", "http.route": "/orders/{id}"})
    yield root
    for q in range(queries):
        statement = f"SELECT name FROM items WHERE id = {number * queries + q}"
        yield span("SELECT items", 3, {"db.system": "postgresql", "db.statement": statement}, root["spanId"])


def body(trace_ids, first, flags):
    spans = [span for n, trace_id in enumerate(trace_ids) for span in spans_of_trace(trace_id, first + n, flags.queries)]
    resource = {"attributes": [attribute("service.name", "interop-curl")]}
    text = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}).encode()
    return gzip.compress(text) if flags.gzip else text


def curl_options(file, flags):
    """Options of one request; over HTTP/1.1 curl waits for 100 Continue."""
    options = ["--silent", "--show-error", "--max-time", "60", "--output", os.devnull, "--data-binary", f"@{file}",
               "--write-out", "%{http_code} %{http_version}\n", "--header", "Content-Type: application/json",
               "--header", "Expect: 100-continue"]
    if flags.http == "2":
        options.append("--http2" if flags.ca else "--http2-prior-knowledge")
    else:
        options.append("--http1.1")
    if flags.gzip:
        options += ["--header", "Content-Encoding: gzip"]
    if flags.ca:
        options += ["--cacert", flags.ca]
    if flags.certificate:
        options += ["--cert", flags.certificate, "--key", flags.key]
    return [*options, f"{'https' if flags.ca else 'http'}://{flags.endpoint}/v1/traces"]


def run_curl(requests):
    options = [word for request in requests for word in ("--next", *request)][1:]
    return subprocess.run(["curl", *options], stdout=subprocess.PIPE, text=True, check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protocol", choices=["http/json"], default="http/json")
    parser.add_argument("--http", choices=["1.1", "2"], default="1.1")
    parser.add_argument("--endpoint", required=True, metavar="HOST:PORT")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--ca", help="PEM of the receiver's authority; without it: no TLS")
    parser.add_argument("--certificate", help="PEM of the client's own certificate")
    parser.add_argument("--key", help="PEM of its key")
    parser.add_argument("--traces", type=int, required=True)
    parser.add_argument("--queries", type=int, required=True)
    flags = parser.parse_args()

    trace_ids = [os.urandom(16).hex() for _ in range(flags.traces)]
    size = -(-flags.traces // REQUESTS)
    with tempfile.TemporaryDirectory() as folder:
        requests = []
        for first in range(0, flags.traces, size):
            file = pathlib.Path(folder, f"{first}.json")
            file.write_bytes(body(trace_ids[first:first + size], first, flags))
            requests.append(curl_options(file, flags))
        # One connection for all, but for HTTP/2 with prior knowledge: curl 7.88 sends its preface again when it uses such a
        # connection again, which no server takes.
        if flags.http == "2" and not flags.ca:
            runs = [run_curl([request]) for request in requests]
        else:
            runs = [run_curl(requests)]
    print("\n".join(trace_ids))
    answers = [line for run in runs for line in run.stdout.splitlines()]
    if any(run.returncode for run in runs) or answers != [f"200 {flags.http}"] * len(requests):
        print(f"curl: exit {[run.returncode for run in runs]}, answers {answers}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
