"""Clients that are slow, hostile or too many: the daemon closes what has to be closed, counts it, and goes on serving the others
(docs/threat-model.md lists these tests fault by fault)."""

import contextlib
import http.client
import pathlib
import resource
import socket
import struct
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import raw_http2 as h2  # noqa: E402
from otlp_requests import PROTOBUF, request  # noqa: E402
from running_daemon import SANITIZED, DaemonCase, eventually  # noqa: E402


class SlowClients(DaemonCase):
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
        closed = lambda listener, reason: daemon.counted("connections_closed_total", listener=listener, reason=reason)  # noqa: E731
        self.assertEqual(closed("http", "first_byte_timeout"), 1)
        self.assertEqual(closed("grpc", "first_byte_timeout"), 2)
        self.assertEqual(closed("http", "header_timeout"), 1)
        self.assertEqual(closed("grpc", "header_timeout"), 1)
        self.assertEqual(daemon.counted("requests_refused_total", reason="slow_body"), 2)
        self.assert_alive(daemon)


class Floods(DaemonCase):
    def setUp(self):
        self.daemon = self.start()
        self.addCleanup(lambda: self.assert_alive(self.daemon))

    def flood(self, reasons, frames, path):
        for listener, port in (("http", self.daemon.http), ("grpc", self.daemon.grpc)):
            with h2.Peer(port) as peer:
                peer.send(frames(path[listener]))
                self.assertEqual(peer.goaway(), h2.ENHANCE_YOUR_CALM, (listener, reasons))
            self.assertEqual(sum(self.daemon.counted("connections_closed_total", listener=listener, reason=reason)
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
        self.assertEqual(self.daemon.counted("requests_refused_total", listener="http", reason="header_too_large"), 2)
        self.assertEqual(self.daemon.counted("requests_refused_total", listener="grpc", reason="header_too_large"), 1)


class Crowds(DaemonCase):
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
        before = daemon.memory_kb("RssAnon")
        http1 = open_idle(daemon.http, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        between = daemon.memory_kb("RssAnon")
        http2 = open_idle(daemon.grpc, h2.PREFACE + h2.frame(h2.SETTINGS))
        for _ in range(20):
            kept.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            with http.client.HTTPResponse(kept) as answer:
                answer.begin()
                answer.read()
            time.sleep(0.05)
        after = daemon.memory_kb("RssAnon")
        taken = min(each, self.CAP)
        print(f"\nidle connections: {each} opened on each port, {taken} taken; {1024 * (between - before) // taken} bytes each (HTTP/1), "
              f"{1024 * (after - between) // taken} (HTTP/2)", file=sys.stderr)
        if not SANITIZED:
            self.assertLess(1024 * (between - before) / taken, 2048)
            self.assertLess(1024 * (after - between) / taken, 12_000)
        for sock in [kept, *http1, *http2]:
            sock.close()
        # Room again, and what happened is counted.
        self.assertTrue(eventually(lambda: self.refused_none(daemon)))
        for listener in ("http", "grpc"):
            self.assertEqual(daemon.counted("connections_refused_total", listener=listener) > 0, each > self.CAP, listener)
            self.assertGreaterEqual(daemon.counted("connections_accepted_total", listener=listener), taken)
        self.assertTrue(eventually(lambda: daemon.counted("connections_open") == 1))
        self.assert_alive(daemon)

    @staticmethod
    def refused_none(daemon):
        with contextlib.suppress(OSError):
            return daemon.get("/health")[0] == 200
        return False


if __name__ == "__main__":
    unittest.main()
