"""What a daemon takes in is what it analyses, counts as lost, or still holds: at every scrape, under overload, while it stops and
after that. Spans come over HTTP and gRPC, as JSON and protobuf, compressed or not.

LEDGER_SECONDS lengthens the overload (default 3)."""

import collections
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import raw_http2 as h2  # noqa: E402
from otlp_requests import JSON, PROTOBUF, export, field, key_value, trace, varint  # noqa: E402
from running_daemon import BINARY, Daemon, free_port, imbalance  # noqa: E402

SECONDS = float(os.environ.get("LEDGER_SECONDS", "3"))


def encoded(spans):
    """The same export as protobuf."""
    scope = b"".join(
        field(2, field(1, bytes.fromhex(s["traceId"])) + field(2, bytes.fromhex(s["spanId"]))
              + (field(4, bytes.fromhex(s["parentSpanId"])) if "parentSpanId" in s else b"") + field(5, s["name"])
              + varint(6 << 3) + varint(s["kind"]) + field(7, int(s["startTimeUnixNano"])) + field(8, int(s["endTimeUnixNano"]))
              + b"".join(field(9, key_value(a["key"], a["value"]["stringValue"])) for a in s["attributes"]))
        for s in spans)
    resource = field(1, field(1, key_value("service.name", "orders")))
    return field(1, resource + field(2, scope))


class Sender(threading.Thread):
    """Sends exports to the ports of `doors` until told to stop; keeps what was answered with success, as JSON."""

    OK = 200

    def __init__(self, doors, seed, rude):
        super().__init__(daemon=True)
        self.target, self.rude, self.random = doors, rude, random.Random(seed)
        self.next = seed * 1_000_000
        self.going, self.accepted, self.statuses = True, [], {}
        self.sent_spans = self.accepted_spans = 0

    def run(self):
        while self.going:
            try:
                self.converse()
            except OSError:  # refused, or cut by the end of the daemon
                time.sleep(0.005)

    def converse(self):
        """One connection, with some exports."""
        with self.connection() as c:
            for _ in range(self.random.randrange(1, 30)):
                if not self.going:
                    return
                spans = []
                for _ in range(self.random.randrange(1, 8)):
                    self.next += 1
                    spans += trace(self.next, self.random.randrange(1, 12))
                self.sent_spans += len(spans)
                if self.rude and self.random.random() < 0.1:
                    return self.leave_in_the_middle(c, spans)
                status = self.send(c, spans)
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status == self.OK:
                    self.accepted.append(export(spans))
                    self.accepted_spans += len(spans)

    def connection(self):
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.target.http, timeout=20))

    def send(self, c, spans):
        headers, form = self.random.choice(((JSON, export), (PROTOBUF, encoded)))
        headers, body = dict(headers), form(spans)
        if self.random.random() < 0.3:
            headers["Content-Encoding"], body = "gzip", gzip.compress(body, 1)
        c.request("POST", "/v1/traces", body, headers)
        r = c.getresponse()
        r.read()
        return r.status

    def leave_in_the_middle(self, _, spans):
        body = export(spans)
        with socket.create_connection(("127.0.0.1", self.target.http), 5) as s:
            head = f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            s.sendall(head.encode() + body[:self.random.randrange(len(body))])


class GrpcSender(Sender):
    """The same over gRPC, many calls a connection."""

    OK = 0

    def connection(self):
        return h2.Peer(self.target.grpc)

    def send(self, c, spans):
        if self.random.random() < 0.3:
            status = c.call(gzip.compress(encoded(spans), 1), 1, grpc_encoding="gzip")
        else:
            status = c.call(encoded(spans))
        if status is None:
            raise ConnectionError("no answer")
        return status

    def leave_in_the_middle(self, c, spans):
        """Cuts the message, or sends it whole and cancels; then goes."""
        data = h2.message(encoded(spans))
        stream = c.next_stream
        c.send(h2.frame(h2.HEADERS, h2.END_HEADERS, stream, h2.head()))
        if self.random.random() < 0.5:
            c.send(h2.frame(h2.DATA, 0, stream, data[:self.random.randrange(min(len(data), 16384))]))
        elif len(data) <= 16384:
            c.send(h2.frame(h2.DATA, h2.END_STREAM, stream, data) + h2.frame(h2.RST_STREAM, 0, stream, b"\0\0\0\x08"))


Doors = collections.namedtuple("Doors", "http grpc")  # ports


class Ledger(unittest.TestCase):
    def test_holds_at_every_scrape_under_overload(self):
        operators = free_port()
        with Daemon(f"[telemetry]\nenabled = true\nlisten = 'localhost:{operators}'\n", max_active_traces=40, max_events_per_trace=6, trace_ttl_ms=150, sampling_rate=0.7,
                    ingest_queue_capacity=2) as daemon:
            doors, daemon.http = Doors(daemon.http, daemon.grpc), operators  # which answers until the end
            senders = [kind(doors, seed, rude=True) for seed, kind in zip(range(1, 7), (Sender, GrpcSender) * 3)]
            for sender in senders:
                sender.start()
            scrapes, last = 0, None
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                accepted = sum(sender.accepted_spans for sender in senders)
                last = daemon.metrics()
                sent = sum(sender.sent_spans for sender in senders)
                self.assertEqual(imbalance(last), (0, 0), last)
                self.assertLessEqual(accepted, last["perf_sentinel_otlp_spans_received_total"])
                self.assertLessEqual(last["perf_sentinel_otlp_spans_received_total"], sent)
                scrapes += 1
            self.assertGreater(scrapes, 10)
            for name in ("events_sampled_out_total", "events_ring_dropped_total", "events_analyzed_total"):
                self.assertGreater(last["perf_sentinel_" + name], 0, name)
            daemon.process.send_signal(signal.SIGTERM)  # with all of them sending
            while daemon.process.poll() is None:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    last = daemon.metrics()
                    self.assertEqual(imbalance(last), (0, 0), last)
            self.assertEqual(daemon.process.wait(), 0, daemon.log())
            for sender in senders:
                sender.going = False
                sender.join()
            for kind in (Sender, GrpcSender):
                self.assertGreater(sum(s.statuses.get(kind.OK, 0) for s in senders if type(s) is kind), 25, kind)

    def test_what_was_answered_with_success_is_analysed_as_in_a_batch(self):
        with Daemon() as daemon:
            senders = [kind(daemon, seed, rude=False) for seed, kind in zip(range(11, 15), (Sender, GrpcSender) * 2)]
            for sender in senders:
                sender.start()
            time.sleep(min(SECONDS, 2))
            self.assertEqual(daemon.stop(), 0, daemon.log())
            for sender in senders:
                sender.going = False
                sender.join()
            accepted = [body for sender in senders for body in sender.accepted]
            for sender in senders:
                self.assertGreater(len(sender.accepted), 5, sender)
            found = sorted(map(self.facts, daemon.findings()))

        with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
            file.write(b"\n".join(accepted) + b"\n")
            file.flush()
            batch = subprocess.run([BINARY, "analyze", "--input", file.name, "--format", "json"], capture_output=True, check=True)
        self.assertEqual(found, sorted(map(self.facts, json.loads(batch.stdout)["findings"])))
        self.assertGreater(len(found), 20)

    @staticmethod
    def facts(finding):
        """A finding without what depends on who made it: confidence, and what the whole run shares."""
        kept = ("type", "severity", "trace_id", "service", "source_endpoint", "pattern", "first_timestamp", "last_timestamp",
                "signature")
        return json.dumps({name: finding[name] for name in kept}, sort_keys=True)


if __name__ == "__main__":
    unittest.main()
