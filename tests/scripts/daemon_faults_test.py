"""Clients that are slow, hostile or too many, and a machine that fails under the daemon: it answers as documented, counts what it
refused, and lives (docs/threat-model.md lists these tests fault by fault)."""

import contextlib
import gzip
import http.client
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests/scripts"))

import raw_http2 as h2  # noqa: E402
from daemon_ledger_test import imbalance  # noqa: E402
from daemon_operations_test import PROTOBUF, request, watch  # noqa: E402
from running_daemon import BINARY, Daemon, free_port, total  # noqa: E402

SANITIZED = any(name in BINARY for name in ("asan", "tsan"))
ACK = "/api/findings/n_plus_one_sql:cart:x:{:032x}/ack"
JSON = {"Content-Type": "application/json"}


def memory_kb(daemon, what):
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what + ":")).split()[1])


def eventually(holds, limit=10):
    until = time.monotonic() + limit
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


class Case(unittest.TestCase):
    def start(self, config="", popen=None, **keys):
        daemon = Daemon(config, **keys)
        daemon.popen = popen or {}
        self.addCleanup(lambda: daemon.__exit__())
        daemon.start()
        return daemon

    def assert_alive(self, daemon):
        self.assertEqual(daemon.get("/health")[0], 200)
        self.assertEqual(daemon.request("POST", "/v1/traces", request(trace=7), PROTOBUF)[0], 200)
        with h2.Peer(daemon.grpc) as peer:
            self.assertEqual(peer.call(request(trace=8)), 0)

    def counted(self, daemon, family, **labels):
        """The sum of the series of a family whose labels have these values."""
        wanted = [f'{name}="{value}"' for name, value in labels.items()]
        return sum(value for name, value in daemon.metrics().items()
                   if name.startswith(f"perf_sentinel_{family}{{") and all(w in name for w in wanted))


class SlowClients(Case):
    def test_are_closed_after_their_time_and_hold_up_nobody(self):
        daemon = self.start()
        http, grpc = daemon.http, daemon.grpc
        slow = {
            "no byte, http": socket.create_connection(("127.0.0.1", http)),
            "no byte, grpc": socket.create_connection(("127.0.0.1", grpc)),
            "half a preface": socket.create_connection(("127.0.0.1", grpc)),
            "header": socket.create_connection(("127.0.0.1", http)),
            "body": socket.create_connection(("127.0.0.1", http)),
        }
        slow["half a preface"].sendall(h2.PREFACE[:20])
        slow["header"].sendall(b"POST /v1/traces HTTP/1.1\r\n")
        slow["body"].sendall(b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                             b"Content-Length: 100000\r\n\r\n")
        block = h2.Peer(grpc)
        block.send(h2.frame(h2.HEADERS, 0, 1, h2.head()))  # its end never comes
        stream = h2.Peer(grpc)
        stream.send(h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.head()) + h2.frame(h2.DATA, 0, 1, h2.message(b"x" * 9000)[:50]))
        # The answer of a slow body comes at the end of a window of ten seconds, closing within a quarter of a second more.
        until = time.monotonic() + 12
        statuses = set()
        while time.monotonic() < until:
            for name, drip in (("header", b"a: b\r\n"), ("body", b"x")):
                with contextlib.suppress(OSError):
                    slow[name].sendall(drip)
            statuses.add(daemon.request("POST", "/v1/traces", request(), PROTOBUF)[0])
            time.sleep(0.2)
        self.assertEqual(statuses, {200})
        for name, sock in slow.items():
            sock.settimeout(2)
            got = b""
            with contextlib.suppress(OSError):
                while chunk := sock.recv(4096):
                    got += chunk
            self.assertTrue(got == b"" or got.startswith(b"HTTP/1.1 408 "), (name, got))
            self.assertEqual(got.startswith(b"HTTP/1.1 408 "), name == "body", name)
            sock.close()
        self.assertEqual(block.goaway(2), h2.ENHANCE_YOUR_CALM)
        last = stream.until(lambda kind, flags, of, _: kind == h2.HEADERS and flags & h2.END_STREAM, 2)
        self.assertEqual(h2.status_in(last[3]), 1)  # CANCELLED
        closed = lambda listener, reason: self.counted(daemon, "connections_closed_total", listener=listener, reason=reason)  # noqa: E731
        self.assertEqual(closed("http", "first_byte_timeout"), 1)
        self.assertEqual(closed("grpc", "first_byte_timeout"), 2)
        self.assertEqual(closed("http", "header_timeout"), 1)
        self.assertEqual(closed("grpc", "header_timeout"), 1)
        self.assertEqual(self.counted(daemon, "requests_refused_total", reason="slow_body"), 2)
        self.assert_alive(daemon)


class Floods(Case):
    def setUp(self):
        self.daemon = self.start()
        self.addCleanup(lambda: self.assert_alive(self.daemon))

    def flood(self, reasons, frames, path):
        for listener, port in (("http", self.daemon.http), ("grpc", self.daemon.grpc)):
            with h2.Peer(port) as peer:
                peer.send(frames(path[listener]))
                self.assertEqual(peer.goaway(), h2.ENHANCE_YOUR_CALM, (listener, reasons))
            self.assertEqual(sum(self.counted(self.daemon, "connections_closed_total", listener=listener, reason=reason)
                                 for reason in reasons), 1)

    # Which of the two bounds comes first depends on how many frames are read at once.
    NO_REQUEST = ("flood_of_control_frames", "flood_of_unread_answers")
    PATHS = {"http": "/v1/traces", "grpc": h2.EXPORT}

    def test_rapid_reset(self):
        self.flood(["flood_of_resets"], lambda path: b"".join(
            h2.frame(h2.HEADERS, h2.END_HEADERS, 2 * i + 1, h2.head(path))
            + h2.frame(h2.RST_STREAM, 0, 2 * i + 1, struct.pack(">I", 8)) for i in range(150)), self.PATHS)

    def test_pings(self):
        self.flood(self.NO_REQUEST, lambda _: h2.frame(h2.PING, 0, 0, b"12345678") * 1100, self.PATHS)

    def test_settings(self):
        self.flood(self.NO_REQUEST, lambda _: h2.frame(h2.SETTINGS) * 1100, self.PATHS)

    def test_continuations_without_end(self):
        fields = h2.field("a", "b" * 1000) * 4
        self.flood(["header_block_too_large"], lambda path: h2.frame(h2.HEADERS, 0, 1, h2.head(path))
                   + h2.frame(h2.CONTINUATION, 0, 1, fields) * 20, self.PATHS)

    def test_header_bombs(self):
        # A field of 4 000 bytes sent once and named ten times: some 60 bytes more on the wire, 40 000 for who writes them out.
        bomb = h2.field("bomb", "b" * 4000, indexed=True) + b"\xbe" * 10
        for port in (self.daemon.http, self.daemon.grpc):
            with h2.Peer(port) as peer:
                peer.send(h2.frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, 1, h2.head("/v1/traces") + bomb))
                answer = peer.until(lambda kind, *_: kind == h2.HEADERS)
                self.assertIn(b"431", answer[3])
                self.assertTrue(peer.ping())
        with socket.create_connection(("127.0.0.1", self.daemon.http), 10) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 100 + b"\r\n")
            self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 431 "))
        self.assertEqual(self.counted(self.daemon, "requests_refused_total", listener="http", reason="header_too_large"), 2)
        self.assertEqual(self.counted(self.daemon, "requests_refused_total", listener="grpc", reason="header_too_large"), 1)


def zstd_of_zeros(size):
    """A zstd frame of blocks that each repeat one byte."""
    out, block = b"\x28\xb5\x2f\xfd\x00\x58", 1 << 17  # window of 2 MiB
    for at in range(0, size, block):
        count = min(block, size - at)
        out += struct.pack("<I", count << 3 | 1 << 1 | (at + count >= size))[:3] + b"\0"
    return out


class Bombs(Case):
    def test_are_refused_at_the_size_that_is_allowed_and_cost_no_more(self):
        daemon = self.start()
        unpacked = 64 << 20
        bombs = {"gzip": gzip.compress(b"\0" * unpacked), "zstd": zstd_of_zeros(unpacked)}
        self.assertLess(max(map(len, bombs.values())), 70_000)
        before = memory_kb(daemon, "VmHWM")
        answers = []

        def over_http(encoding):
            answers.append(daemon.request("POST", "/v1/traces", bombs[encoding], {**PROTOBUF, "Content-Encoding": encoding})[0])

        def over_grpc(encoding):
            with h2.Peer(daemon.grpc) as peer:
                answers.append(peer.call(bombs[encoding], flag=1, grpc_encoding=encoding))

        threads = [threading.Thread(target=send, args=(encoding,)) for send in (over_http, over_grpc) for encoding in bombs
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [8] * 8 + [413] * 8)  # RESOURCE_EXHAUSTED
        self.assertEqual(self.counted(daemon, "requests_refused_total", reason="body_too_large"), 16)
        if not SANITIZED:
            # A loop unpacks one at a time, into one buffer of the size allowed.
            self.assertLess(memory_kb(daemon, "VmHWM") - before, 48_000)
        self.assert_alive(daemon)

    def test_the_same_encodings_in_honest_use_are_taken(self):
        daemon = self.start()
        zeros = zstd_of_zeros(300_000)  # zeros are no message: it must be the decoder that says so
        self.assertEqual(daemon.request("POST", "/v1/traces", zeros, {**PROTOBUF, "Content-Encoding": "zstd"})[0], 400)
        self.assertEqual(self.counted(daemon, "otlp_rejected_total", reason="parse_error"), 1)
        with h2.Peer(daemon.grpc) as peer:
            self.assertEqual(peer.call(gzip.compress(request()), flag=1, grpc_encoding="gzip"), 0)


class Sizes(Case):
    def test_oversize_bodies_and_messages(self):
        daemon = self.start(max_payload_size=4096)
        for size, http, grpc in ((4096, 400, 13), (4097, 413, 11)):  # zeros: no message, INTERNAL; OUT_OF_RANGE
            self.assertEqual(daemon.request("POST", "/v1/traces", b"\0" * size, PROTOBUF)[0], http, size)
            with h2.Peer(daemon.grpc) as peer:
                self.assertEqual(peer.call(b"\0" * size), grpc, size)
        chunked = (b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n"
                   b"1001\r\n" + b"\0" * 4097 + b"\r\n0\r\n\r\n")
        with socket.create_connection(("127.0.0.1", daemon.http), 10) as sock:
            sock.sendall(chunked)
            self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 400 "))
        with socket.socket(socket.AF_UNIX) as lines:
            lines.connect(str(daemon.path / "d.sock"))
            lines.sendall(b"[" + b" " * 4096 + b"]\n")
        self.assertTrue(eventually(lambda: "longer than [daemon] max_payload_size" in daemon.log()))
        self.assertEqual(self.counted(daemon, "requests_refused_total", reason="body_too_large"), 2)  # not what its length refuses
        self.assertEqual(daemon.metrics()["perf_sentinel_otlp_spans_received_total"], 0)
        self.assert_alive(daemon)

    def test_a_message_cut_anywhere_is_refused_whole(self):
        daemon = self.start()
        whole = request(spans=1)
        for size in range(1, len(whole)):
            with h2.Peer(daemon.grpc) as peer:
                self.assertEqual(peer.call(whole[:size]), 13, size)
        self.assertEqual(self.counted(daemon, "receiver_errors_total", component_id="otlp_receiver/grpc", kind="parse"),
                         len(whole) - 1)
        self.assertEqual(daemon.metrics()["perf_sentinel_otlp_spans_received_total"], 0)
        self.assert_alive(daemon)


class Crowds(Case):
    CAP = 4096  # net::Limits::max_connections
    ALL = 10_000

    def test_ten_thousand_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, self.ALL + 1000), hard))
        self.addCleanup(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)))
        each = min(self.ALL, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500) // 2
        daemon = self.start(popen={"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))})
        probe = daemon.http  # asked over connections of their own while there is room

        def open_idle(port, first):
            out = []
            for _ in range(each):
                sock = socket.create_connection(("127.0.0.1", port), 10)
                sock.sendall(first)
                out.append(sock)
            return out

        kept = socket.create_connection(("127.0.0.1", probe), 10)
        before = memory_kb(daemon, "RssAnon")
        http = open_idle(daemon.http, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        between = memory_kb(daemon, "RssAnon")
        grpc = open_idle(daemon.grpc, h2.PREFACE + h2.frame(h2.SETTINGS))
        for _ in range(20):
            kept.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.05)
            kept.recv(1 << 20, socket.MSG_DONTWAIT)
        after = memory_kb(daemon, "RssAnon")
        taken = min(each, self.CAP)
        print(f"\nidle connections: {each} opened on each port, {taken} taken; {1024 * (between - before) // taken} bytes each (HTTP/1), "
              f"{1024 * (after - between) // taken} (HTTP/2)", file=sys.stderr)
        if not SANITIZED:
            self.assertLess(1024 * (between - before) / taken, 2048)
            self.assertLess(1024 * (after - between) / taken, 12_000)
        for sock in [kept, *http, *grpc]:
            sock.close()
        # Room again, and what happened is counted.
        self.assertTrue(eventually(lambda: self.refused_none(daemon)))
        for listener in ("http", "grpc"):
            self.assertEqual(self.counted(daemon, "connections_refused_total", listener=listener) > 0, each > self.CAP, listener)
            self.assertGreaterEqual(self.counted(daemon, "connections_accepted_total", listener=listener), taken)
        self.assertTrue(eventually(lambda: self.counted(daemon, "connections_open") == 1))
        self.assert_alive(daemon)

    @staticmethod
    def refused_none(daemon):
        with contextlib.suppress(OSError):
            return daemon.get("/health")[0] == 200
        return False


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


class ClockJumps(Case):
    def test_neither_expire_traces_nor_break_acknowledgments_or_archive(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or SANITIZED:
            self.skipTest("needs a C compiler and a binary without sanitizers")
        daemon = Daemon(trace_ttl_ms=1500)
        self.addCleanup(lambda: daemon.__exit__())
        (daemon.path / "shim.c").write_text(CLOCK_SHIM)
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", daemon.path / "shim.so", daemon.path / "shim.c"], check=True)
        config = daemon.path / "config.toml"
        config.write_text(config.read_text() + f"[daemon.archive]\npath = '{daemon.path}/archive.ndjson'\n")
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


class FullDisks(Case):
    @staticmethod
    def file_limit(daemon, size):
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def test_an_acknowledgment_that_cannot_be_written_is_refused_and_the_next_one_works(self):
        daemon = self.start()
        acks = daemon.path / "acks.jsonl"
        self.assertEqual(daemon.request("POST", ACK.format(1), b"{}", JSON)[0], 201)
        size = acks.stat().st_size
        self.file_limit(daemon, size + 40)
        status, body = daemon.request("POST", ACK.format(2), b"{}", JSON)
        self.assertEqual((status, json.loads(body)), (500, {"error": "ack store write failed"}))
        self.assertEqual(daemon.request("DELETE", ACK.format(1))[0], 500)
        self.assertEqual(acks.stat().st_size, size)
        self.assertEqual(len(daemon.json("/api/acks")), 1)
        self.assertEqual(self.counted(daemon, "ack_operations_failed_total", reason="internal_error"), 2)
        self.file_limit(daemon, resource.RLIM_INFINITY)
        self.assertEqual(daemon.request("POST", ACK.format(3), b"{}", JSON)[0], 201)
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
        self.assertEqual(len(daemon.json("/api/acks")), 2)

    def test_a_window_that_cannot_be_archived_is_counted_and_the_chain_goes_on(self):
        daemon = Daemon(trace_ttl_ms=100)
        self.addCleanup(lambda: daemon.__exit__())
        path = daemon.path / "archive.ndjson"
        config = daemon.path / "config.toml"
        config.write_text(config.read_text() + f"[daemon.archive]\npath = '{path}'\n")
        # Standard output and error are files too: neither may be what is full.
        daemon.popen = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        daemon.start()

        def window(trace, outcome):
            before = daemon.metrics()[outcome]
            self.assertEqual(daemon.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)[0], 200)
            self.assertTrue(eventually(lambda: daemon.metrics()[outcome] == before + 1), outcome)

        written = "perf_sentinel_archive_windows_written_total"
        window(1, written)
        self.file_limit(daemon, path.stat().st_size + 100)
        window(2, 'perf_sentinel_archive_windows_dropped_total{reason="write_failed"}')
        self.file_limit(daemon, resource.RLIM_INFINITY)
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


class Readers(Case):
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


class Stops(Case):
    def test_take_no_longer_than_allowed_when_nobody_reads_the_findings(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        daemon = self.start(popen={"stdout": writer}, shutdown_timeout_ms=1500)
        os.close(writer)
        for trace in range(1, 200):  # some 100 kB of findings, more than a pipe holds
            self.assertEqual(daemon.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)[0], 200)
        begin = time.monotonic()
        self.assertEqual(daemon.stop(), 1)
        self.assertGreater(time.monotonic() - begin, 1.4)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertIn("1194 spans were not analysed", daemon.log())

    def test_a_second_signal_ends_the_process_at_once(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        daemon = self.start(popen={"stdout": writer})
        os.close(writer)
        for trace in range(1, 200):
            daemon.request("POST", "/v1/traces", request(trace, 6), PROTOBUF)
        daemon.process.send_signal(signal.SIGINT)
        self.assertTrue(eventually(lambda: "stopping" in daemon.log()))
        time.sleep(0.1)
        self.assertEqual(daemon.stop(signal.SIGTERM), 128 + signal.SIGTERM)


class Starts(Case):
    def refused(self, config, *words):
        folder = self.daemon.path
        r = watch(config, folder)
        self.assertEqual(r.returncode, 1, r.stderr)
        for word in words:
            self.assertIn(word, r.stderr)
        self.assertEqual(self.daemon.get("/health")[0], 200)

    def setUp(self):
        self.daemon = self.start("[daemon.archive]\npath = 'archive.ndjson'\n")
        self.ports = f"[daemon]\nlisten_port_http = {free_port()}\nlisten_port_grpc = {free_port()}\njson_socket = 'x.sock'\n"

    def test_taken_ports_are_named(self):
        self.refused(f"[daemon]\nlisten_port_http = {free_port()}\nlisten_port_grpc = {self.daemon.grpc}\njson_socket = 'x.sock'\n",
                     "Daemon error: gRPC", f"127.0.0.1:{self.daemon.grpc}")
        self.refused(self.ports + f"[daemon.ack]\nenabled = false\n[telemetry]\nenabled = true\nlisten = 'localhost:{self.daemon.http}'\n",
                     "Daemon error: [telemetry] listen", str(self.daemon.http))
        port = free_port()
        self.refused(f"[daemon]\nlisten_port_http = {port}\nlisten_port_grpc = {port}\njson_socket = 'x.sock'\n",
                     "Daemon error: gRPC", f"127.0.0.1:{port}")

    def test_a_certificate_that_is_none_is_named(self):
        for name in ("bad.pem", "bad.key"):
            (self.daemon.path / name).write_text("no PEM at all\n")
        self.refused(self.ports + "tls_cert_path = 'bad.pem'\ntls_key_path = 'bad.key'\n",
                     "Daemon error:", "bad.pem")

    def test_two_daemons_share_no_archive(self):
        self.refused(self.ports + "[daemon.ack]\nenabled = false\n[daemon.archive]\npath = 'archive.ndjson'\n", "Daemon error:",
                     "archive.ndjson")

    def test_two_daemons_share_no_socket_and_the_second_goes_on_without(self):
        second = Daemon()
        self.addCleanup(lambda: second.__exit__())
        config = second.path / "config.toml"
        config.write_text(config.read_text().replace(str(second.path / "d.sock"), str(self.daemon.path / "d.sock")))
        second.start()
        self.assertIn("another process serves", second.log())
        self.assertEqual(second.stop(), 0)
        self.assertTrue((self.daemon.path / "d.sock").exists())


if __name__ == "__main__":
    unittest.main()
