"""A machine that fails under the daemon: its clock jumps, its disk is full, nobody reads its standard output. It answers as documented,
counts what it lost, and lives (docs/threat-model.md lists these tests fault by fault)."""

import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import raw_http2 as h2  # noqa: E402
from otlp_requests import JSON, PROTOBUF, request  # noqa: E402
from running_daemon import SANITIZED, Daemon, DaemonCase, eventually, imbalance  # noqa: E402

ACK = "/api/findings/n_plus_one_sql:cart:x:{:032x}/ack"


CLOCK_SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
    FILE* file = fopen(getenv("CLOCK_SHIFT"), "r");
    long shift = 0;
    if (file) {
      if (fscanf(file, "%ld", &shift) != 1) shift = 0;
      fclose(file);
    }
    now->tv_sec += shift;
  }
  return result;
}
"""


class ClockJumps(DaemonCase):
    def test_neither_expire_traces_nor_break_acknowledgments_or_archive(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or SANITIZED:
            self.skipTest("needs a C compiler and a binary without sanitizers")
        daemon = Daemon("[daemon.archive]\npath = 'archive.ndjson'\n", trace_ttl_ms=1500)
        self.addCleanup(daemon.__exit__)
        (daemon.path / "shim.c").write_text(CLOCK_SHIM)
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", daemon.path / "shim.so", daemon.path / "shim.c"], check=True)
        shift = daemon.path / "shift"
        shift.write_text("0")
        daemon.popen = {"env": {**os.environ, "LD_PRELOAD": str(daemon.path / "shim.so"), "CLOCK_SHIFT": str(shift)}}
        daemon.start()
        post = lambda trace: self.assertEqual(daemon.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)[0], 200)  # noqa: E731
        post(1)
        self.assertEqual(daemon.request("POST", ACK.format(1), b"{}", JSON)[0], 201)
        shift.write_text(str(86_400 * 30))  # a month ahead
        time.sleep(0.9)  # a tick, less than the traces have
        self.assertEqual(daemon.json("/api/status")["active_traces"], 1)
        self.assertEqual(daemon.request("POST", ACK.format(2), b"{}", JSON)[0], 201)
        shift.write_text(str(-86_400 * 365))  # a year back
        post(2)
        self.assertEqual(daemon.request("POST", ACK.format(3), b"{}", JSON)[0], 201)
        self.assertTrue(eventually(lambda: daemon.json("/api/status")["active_traces"] == 0))  # by the time that passed
        self.assertEqual(len(daemon.json("/api/acks")), 3)
        rows = daemon.json("/api/findings?include_acked=true")
        self.assertEqual(sum(row["seen_count"] for row in rows), 2)
        self.assertEqual(daemon.stop(), 0, daemon.log())
        self.assertEqual(len(daemon.findings()), 2)
        lines = [json.loads(line) for line in (daemon.path / "archive.ndjson").read_text().splitlines()]
        self.assertEqual([line["seq"] for line in lines], list(range(len(lines))))
        for line, following in zip(lines, lines[1:]):
            self.assertEqual(following["prev"], line["hash"])


class FullDisks(DaemonCase):
    def test_an_acknowledgment_that_cannot_be_written_is_refused_and_the_next_one_works(self):
        daemon = self.start()
        acks = daemon.path / "acks.jsonl"
        self.assertEqual(daemon.request("POST", ACK.format(1), b"{}", JSON)[0], 201)
        size = acks.stat().st_size
        daemon.limit_file_size(size + 40)
        status, body = daemon.request("POST", ACK.format(2), b"{}", JSON)
        self.assertEqual((status, json.loads(body)), (500, {"error": "ack store write failed"}))
        self.assertEqual(daemon.request("DELETE", ACK.format(1))[0], 500)
        self.assertEqual(acks.stat().st_size, size)
        self.assertEqual(len(daemon.json("/api/acks")), 1)
        self.assertEqual(daemon.counted("ack_operations_failed_total", reason="internal_error"), 2)
        daemon.limit_file_size(None)
        self.assertEqual(daemon.request("POST", ACK.format(3), b"{}", JSON)[0], 201)
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
        self.assertEqual(len(daemon.json("/api/acks")), 2)

    def test_a_window_that_cannot_be_archived_is_counted_and_the_chain_goes_on(self):
        # Standard output and error are files too: neither may be what is full.
        daemon = self.start("[daemon.archive]\npath = 'archive.ndjson'\n", trace_ttl_ms=100,
                            popen={"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})
        path = daemon.path / "archive.ndjson"

        def window(trace, outcome):
            before = daemon.metrics()[outcome]
            self.assertEqual(daemon.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)[0], 200)
            self.assertTrue(eventually(lambda: daemon.metrics()[outcome] == before + 1), outcome)

        written = "perf_sentinel_archive_windows_written_total"
        window(1, written)
        daemon.limit_file_size(path.stat().st_size + 100)
        window(2, 'perf_sentinel_archive_windows_dropped_total{reason="write_failed"}')
        daemon.limit_file_size(None)
        window(3, written)
        self.assertEqual(daemon.stop(), 0)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual([line["seq"] for line in lines], [0, 1])
        self.assertEqual(lines[1]["prev"], lines[0]["hash"])

    def test_standard_output_that_takes_nothing_costs_only_the_lines(self):
        for out in (lambda: open("/dev/full", "wb"), self.closed_pipe):
            with out() as sink:
                daemon = self.start(popen={"stdout": sink}, trace_ttl_ms=100)
            self.assertEqual(daemon.request("POST", "/v1/traces", request(1, 6), PROTOBUF)[0], 200)
            self.assertTrue(eventually(lambda: len(daemon.json("/api/findings")) == 1))
            self.assert_alive(daemon)
            self.assertEqual(daemon.stop(), 0, daemon.log())

    @staticmethod
    def closed_pipe():
        reader, writer = os.pipe()
        os.close(reader)
        return os.fdopen(writer, "wb")


class Readers(DaemonCase):
    """Whoever reads the findings on standard output: a log shipper that hangs, for one."""

    def test_one_that_reads_nothing_holds_up_senders_and_nobody_else(self):
        reader, writer = os.pipe()
        # Every trace but one leaves the window at once, so that its findings are due while its sender waits.
        daemon = self.start(popen={"stdout": writer}, max_active_traces=1, ingest_queue_capacity=4)
        os.close(writer)
        answers, accepted, numbers = {}, [], iter(range(1, 20_000))
        lock, refused = threading.Lock(), threading.Event()

        def send():
            while not refused.is_set():
                with lock:
                    trace = next(numbers)
                c = http.client.HTTPConnection("127.0.0.1", daemon.http, timeout=20)
                c.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)
                r = c.getresponse()
                r.read()
                c.close()
                with lock:
                    answers.setdefault(r.status, []).append(r.getheader("Retry-After"))
                if r.status == 200:
                    accepted.append(trace)
                else:
                    refused.set()

        senders = [threading.Thread(target=send) for _ in range(8)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(60)
        self.assertEqual(set(answers), {200, 503})
        self.assertEqual(set(answers[503]), {"1"})
        with h2.Peer(daemon.grpc) as peer:
            self.assertEqual(peer.call(request(30_000, 6)), 14)  # UNAVAILABLE
        # Everybody else is answered at once.
        begin = time.monotonic()
        self.assertEqual(daemon.get("/health")[0], 200)
        self.assertGreater(daemon.json("/api/status")["stored_findings"], 100)
        m = daemon.metrics()
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(imbalance(m), (0, 0))
        self.assertGreater(m['perf_sentinel_otlp_rejected_total{reason="channel_full"}'], 0)
        self.assertGreaterEqual(m['perf_sentinel_queue_depth_ratio{queue="output"}'], 1)
        self.assertIn("nobody reads the findings", daemon.log())

        read = []
        catch_up = threading.Thread(target=lambda: read.append(os.fdopen(reader, "rb").read()))
        catch_up.start()
        self.assertTrue(eventually(lambda: daemon.request("POST", "/v1/traces", request(40_000, 6), PROTOBUF)[0] == 200))
        self.assertEqual(daemon.stop(), 0, daemon.log())
        catch_up.join(20)
        found = {json.loads(line)["trace_id"] for line in read[0].splitlines()}
        self.assertLessEqual({f"{trace:032x}" for trace in [*accepted, 40_000]}, found)


if __name__ == "__main__":
    unittest.main()
