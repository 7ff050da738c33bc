"""What a daemon takes in is what it analyses, counts as lost, or still holds: at every scrape, under overload, and after a stop.

LEDGER_SECONDS lengthens the overload (default 3)."""

import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from otlp_requests import JSON, export, trace  # noqa: E402
from running_daemon import BINARY, Daemon, imbalance  # noqa: E402

SECONDS = float(os.environ.get("LEDGER_SECONDS", "3"))


class Sender(threading.Thread):
    """Sends exports until told to stop; keeps what was answered with success."""

    def __init__(self, daemon, seed, rude):
        super().__init__(daemon=True)
        self.target, self.rude, self.random = daemon, rude, random.Random(seed)
        self.next = seed * 1_000_000
        self.going, self.accepted, self.statuses = True, [], {}

    def run(self):
        while self.going:
            try:
                self.converse()
            except OSError:  # refused, or cut by the end of the daemon
                time.sleep(0.005)

    def converse(self):
        c = http.client.HTTPConnection("127.0.0.1", self.target.http, timeout=20)
        try:
            for _ in range(self.random.randrange(1, 30)):
                if not self.going:
                    return
                spans = []
                for _ in range(self.random.randrange(1, 8)):
                    self.next += 1
                    spans += trace(self.next, self.random.randrange(1, 12))
                body = export(spans)
                if self.rude and self.random.random() < 0.1:
                    return self.leave_in_the_middle(body)
                c.request("POST", "/v1/traces", body, JSON)
                r = c.getresponse()
                r.read()
                self.statuses[r.status] = self.statuses.get(r.status, 0) + 1
                if r.status == 200:
                    self.accepted.append(body)
        finally:
            c.close()

    def leave_in_the_middle(self, body):
        with socket.create_connection(("127.0.0.1", self.target.http), 5) as s:
            head = f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            s.sendall(head.encode() + body[:self.random.randrange(len(body))])


class Ledger(unittest.TestCase):
    def test_holds_at_every_scrape_under_overload(self):
        with Daemon(max_active_traces=40, max_events_per_trace=6, trace_ttl_ms=150, sampling_rate=0.7,
                    ingest_queue_capacity=2) as daemon:
            senders = [Sender(daemon, seed, rude=True) for seed in range(1, 7)]
            for sender in senders:
                sender.start()
            scrapes, last = 0, None
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                last = daemon.metrics()
                self.assertEqual(imbalance(last), (0, 0), last)
                scrapes += 1
            self.assertGreater(scrapes, 10)
            for name in ("events_sampled_out_total", "events_ring_dropped_total", "events_analyzed_total"):
                self.assertGreater(last["perf_sentinel_" + name], 0, name)
            self.assertEqual(daemon.stop(), 0, daemon.log())  # with all of them sending
            for sender in senders:
                sender.going = False
                sender.join()
            self.assertGreater(sum(s.statuses.get(200, 0) for s in senders), 50)

    def test_what_was_answered_with_success_is_analysed_as_in_a_batch(self):
        with Daemon() as daemon:
            senders = [Sender(daemon, seed, rude=False) for seed in range(11, 15)]
            for sender in senders:
                sender.start()
            time.sleep(min(SECONDS, 2))
            self.assertEqual(daemon.stop(), 0, daemon.log())
            for sender in senders:
                sender.going = False
                sender.join()
            accepted = [body for sender in senders for body in sender.accepted]
            self.assertGreater(len(accepted), 20)
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
