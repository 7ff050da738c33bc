"""Bodies and messages that are too large, packed to burst, or cut: refused whole, counted, and at no cost beyond what is allowed
(docs/threat-model.md lists these tests fault by fault)."""

import gzip
import pathlib
import socket
import struct
import sys
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import raw_http2 as h2  # noqa: E402
from otlp_requests import PROTOBUF, request  # noqa: E402
from running_daemon import SANITIZED, DaemonCase, eventually  # noqa: E402


def zstd_of_zeros(size):
    """A zstd frame of blocks that each repeat one byte."""
    out, block = b"\x28\xb5\x2f\xfd\x00\x58", 1 << 17  # window of 2 MiB
    for at in range(0, size, block):
        count = min(block, size - at)
        out += struct.pack("<I", count << 3 | 1 << 1 | (at + count >= size))[:3] + b"\0"
    return out


class Bombs(DaemonCase):
    def test_are_refused_at_the_size_that_is_allowed_and_cost_no_more(self):
        daemon = self.start()
        unpacked = 64 << 20
        bombs = {"gzip": gzip.compress(b"\0" * unpacked), "zstd": zstd_of_zeros(unpacked)}
        self.assertLess(max(map(len, bombs.values())), 70_000)
        before = daemon.memory_kb("VmHWM")
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
        self.assertEqual(daemon.counted("requests_refused_total", reason="body_too_large"), 16)
        if not SANITIZED:
            # A loop unpacks one at a time, into one buffer of the size allowed.
            self.assertLess(daemon.memory_kb("VmHWM") - before, 48_000)
        self.assert_alive(daemon)

    def test_the_same_encodings_in_honest_use_are_taken(self):
        daemon = self.start()
        zeros = zstd_of_zeros(300_000)  # zeros are no message: it must be the decoder that says so
        self.assertEqual(daemon.request("POST", "/v1/traces", zeros, {**PROTOBUF, "Content-Encoding": "zstd"})[0], 400)
        self.assertEqual(daemon.counted("otlp_rejected_total", reason="parse_error"), 1)
        with h2.Peer(daemon.grpc) as peer:
            self.assertEqual(peer.call(gzip.compress(request()), flag=1, grpc_encoding="gzip"), 0)


class Sizes(DaemonCase):
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
        self.assertEqual(daemon.counted("requests_refused_total", reason="body_too_large"), 2)  # not what its length refuses
        self.assertEqual(daemon.metrics()["perf_sentinel_otlp_spans_received_total"], 0)
        self.assert_alive(daemon)

    def test_a_message_cut_anywhere_is_refused_whole(self):
        daemon = self.start()
        whole = request(spans=1)
        for size in range(1, len(whole)):
            with h2.Peer(daemon.grpc) as peer:
                self.assertEqual(peer.call(whole[:size]), 13, size)
        self.assertEqual(daemon.counted("receiver_errors_total", component_id="otlp_receiver/grpc", kind="parse"),
                         len(whole) - 1)
        self.assertEqual(daemon.metrics()["perf_sentinel_otlp_spans_received_total"], 0)
        self.assert_alive(daemon)


if __name__ == "__main__":
    unittest.main()
