"""Starts that cannot succeed and stops that hang: the daemon says why, and ends when it has to (docs/threat-model.md lists these tests
fault by fault)."""

import os
import pathlib
import signal
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from otlp_requests import PROTOBUF, request  # noqa: E402
from running_daemon import DaemonCase, eventually, free_port, free_ports, watch  # noqa: E402


class Starts(DaemonCase):
    def refused(self, config, *words):
        folder = self.daemon.path
        r = watch(config, folder)
        self.assertEqual(r.returncode, 1, r.stderr)
        for word in words:
            self.assertIn(word, r.stderr)
        self.assertEqual(self.daemon.get("/health")[0], 200)

    def setUp(self):
        self.daemon = self.start("[daemon.archive]\npath = 'archive.ndjson'\n")
        http, grpc = free_ports(2)
        self.ports = f"[daemon]\nlisten_port_http = {http}\nlisten_port_grpc = {grpc}\njson_socket = 'x.sock'\n"

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
        second = self.start(json_socket=str(self.daemon.path / "d.sock"))
        self.assertIn("another process serves", second.log())
        self.assertEqual(second.json("/api/status")["degraded"], ["json_socket/main"])
        self.assertNotIn("degraded", self.daemon.json("/api/status"))
        self.assertEqual(second.get("/readyz")[0], 200)
        self.assertEqual(second.stop(), 0)
        self.assertTrue((self.daemon.path / "d.sock").exists())

    def test_no_folder_for_the_socket_is_no_fault(self):
        daemon = self.start(json_socket="nowhere/d.sock")
        self.assertIn("no such folder", daemon.log())
        self.assertNotIn("degraded", daemon.json("/api/status"))


class Stops(DaemonCase):
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


if __name__ == "__main__":
    unittest.main()
