#!/usr/bin/env python3
"""Real OTLP clients against the daemon: every span that they sent arrives, once.

    run.py [--install] [--ready-only] [--quick] [--binary PATH] [CLIENT…]

Each run is a client, a transport, an encoding, with and without gzip and TLS, against a daemon of its own. It holds when the
client saw no error, the daemon's counters say what was sent, every trace in the window has exactly its spans, and a SIGTERM
makes one finding of every trace; with mutual TLS also when who has no certificate of the right authority is not served. Prints a
table; exit 0 when all runs hold, 1 otherwise, 77 when --ready-only has nothing to run.
"""

import argparse
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from clients import CLIENTS, MUTUAL, PLAIN, WAYS
from receiver import Receiver

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUERIES = 6  # database calls of a trace: an N+1
SKIPPED = 77
# Settings of this machine that clients would take over what they are told: other authorities, proxies, exporters.
FOREIGN = re.compile(r"OTEL_|.*_proxy$|.*_CA_BUNDLE$|SSL_CERT_|NODE_EXTRA_CA_CERTS$|GRPC_", re.IGNORECASE)
HEAD = ("client", "transport", "encoding", "gzip", "TLS", "spans sent", "spans received", "ok")


def differences(receiver, trace_ids, traces):
    """What the daemon holds other than what was sent, one line each."""
    counters = receiver.counters()
    expected = {
        "otlp_spans_received_total": traces * (1 + QUERIES),
        "otlp_spans_filtered_total": traces,  # the server span is no I/O
        "events_processed_total": traces * QUERIES,
        "events_ring_dropped_total": 0,
        "events_refused_total": 0,
        "otlp_rejected_total": 0,
        "active_traces": traces,
    }
    for name, value in expected.items():
        if counters[name] != value:
            yield f"{name} is {counters[name]:.0f}, not {value}"
    if len(set(trace_ids)) != traces:
        yield f"the client named {len(set(trace_ids))} traces, not {traces}"
    for trace_id in trace_ids:
        try:
            spans = receiver.spans(trace_id)
        except LookupError as problem:
            yield str(problem)
            continue
        if len(spans) != QUERIES or len({span["span_id"] for span in spans}) != QUERIES:
            yield f"trace {trace_id} has the spans {sorted(span['span_id'] for span in spans)}, not {QUERIES} different ones"

    code, findings = receiver.stop()
    if code != 0:
        yield f"after SIGTERM the daemon exited with {code}"
    found = sorted(finding["trace_id"] for finding in findings if finding["type"] == "n_plus_one_sql")
    if found != sorted(trace_ids):
        yield f"{len(found)} findings of N+1 in {len(set(found))} traces, not one in each of {traces}"


def run_once(binary, client, way, gzip, tls, traces):
    """One row of the table: spans received, and what was wrong."""
    with tempfile.TemporaryDirectory() as folder, Receiver(binary, folder, tls) as receiver:
        # A name under TLS, as most have it: not all clients send a server name for an address.
        endpoint = f"{'127.0.0.1' if tls == PLAIN else 'localhost'}:{receiver.ports[way.port]}"
        command = [*client.filled(client.send), *way.flags, f"--endpoint={endpoint}", f"--traces={traces}", f"--queries={QUERIES}"]
        command += ["--gzip"] if gzip else []
        command += [f"--ca={receiver.ca}"] if receiver.ca else []
        command += [f"--certificate={receiver.client[0]}", f"--key={receiver.client[1]}"] if receiver.client else []
        try:
            sent = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env={name: value for name, value in os.environ.items() if not FOREIGN.match(name)}, timeout=300,
                                  check=False)
        except subprocess.TimeoutExpired as late:
            return 0, [f"{' '.join(command)}: not done after {late.timeout:.0f} s", receiver.log()]
        wrong = [] if sent.returncode == 0 else [f"{' '.join(command)}: exit {sent.returncode}", sent.stderr[-2000:]]
        if tls == MUTUAL:
            wrong += [f"the {port} port serves strangers" for port in receiver.strangers_served()]
        received = receiver.counters()["otlp_spans_received_total"]
        wrong += itertools.islice(differences(receiver, sent.stdout.split(), traces), 10)
        return received, wrong + ([receiver.log()] if wrong else [])


def runs_of(client, quick):
    """Way, gzip, TLS; the quick ones have both or neither of the two, where the client has gzip."""
    for way, tls, gzip in itertools.product(client.ways, client.tls, client.gzip):
        if not quick or len(client.gzip) == 1 or gzip == (tls != PLAIN):
            yield WAYS[way], gzip, tls


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def run_client(binary, client, quick):
    """Its rows; what was wrong."""
    traces, wrong = (60 if quick else 400), []
    for way, gzip, tls in runs_of(client, quick):
        received, why = run_once(binary, client, way, gzip, tls, traces)
        row(client.title, way.transport, way.encoding, "yes" if gzip else "no", tls, traces * (1 + QUERIES),
            f"{received:.0f}", "no" if why else "yes")
        wrong += why
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel")))
    parser.add_argument("--install", action="store_true", help="install and build what the clients need")
    parser.add_argument("--ready-only", action="store_true", help="leave out what is not installed")
    parser.add_argument("--quick", action="store_true", help="fewer traces, half of the runs")
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=f"of {', '.join(CLIENTS)}; default: all")
    flags = parser.parse_args()
    unknown = [name for name in flags.clients if name not in CLIENTS]
    if unknown:
        parser.error(f"no client {', '.join(unknown)}; there are {', '.join(CLIENTS)}")

    wrong, ready = [], []
    for client in (CLIENTS[name] for name in flags.clients or CLIENTS):
        why = client.make_ready() if flags.install else client.missing()
        if not why:
            ready.append(client)
        elif flags.ready_only:
            print(f"skipped: {client.title}: {why}")
        else:
            wrong.append(f"{client.title}: {why}")
    if ready:
        row(*HEAD)
        row(*("---" for _ in HEAD))
    for client in ready:
        wrong += run_client(flags.binary, client, flags.quick)
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        return 1
    return 0 if ready else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
