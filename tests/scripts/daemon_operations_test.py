"""What an operator meets: starts that fail, probes, stops, and clients that misbehave. The daemon answers as documented and
lives."""

import concurrent.futures
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import raw_http2 as h2  # noqa: E402
from otlp_requests import JSON, PROTOBUF, request  # noqa: E402
from running_daemon import BINARY, SANITIZED, Daemon, free_port, free_ports, total, watch  # noqa: E402


class Starts(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(lambda: self.daemon.__exit__())
        self.daemon.start()
        self.folder = self.daemon.path

    def refused(self, keys, code, *words):
        lines = ["[daemon]"] + [f"{k} = {json.dumps(v)}" for k, v in keys.items()]
        r = watch("\n".join(lines), self.folder)
        self.assertEqual(r.returncode, code, r.stderr)
        for word in words:
            self.assertIn(word, r.stderr)
        self.assertEqual(r.stdout, "")

    def test_a_taken_port_names_listener_and_address(self):
        own = {"listen_port_grpc": free_port(), "json_socket": "x.sock"}
        self.refused({**own, "listen_port_http": self.daemon.http}, 1, "Daemon error: HTTP", f"127.0.0.1:{self.daemon.http}")

    def test_a_missing_certificate_is_a_configuration_error(self):
        self.refused({"tls_cert_path": "no.pem", "tls_key_path": "no.key"}, 75, "tls.cert_path", "no.pem")

    def test_two_daemons_do_not_share_a_file_of_acknowledgments(self):
        http, grpc = free_ports(2)
        keys = f"[daemon]\nlisten_port_http = {http}\nlisten_port_grpc = {grpc}\njson_socket = 'x.sock'\n"
        r = watch(keys + f"[daemon.ack]\nstorage_path = '{self.folder}/acks.jsonl'\n", self.folder)
        self.assertEqual(r.returncode, 1, r.stderr)
        self.assertIn("acks.jsonl", r.stderr)
        self.assertEqual(self.daemon.get("/health")[0], 200)


class Idles(unittest.TestCase):
    @unittest.skipIf("release" not in BINARY, "the memory of the release build is meant")
    def test_a_daemon_that_has_nothing_to_do_is_small(self):
        with Daemon() as daemon:
            time.sleep(0.2)
            self.assertLess(daemon.memory_kb("VmRSS"), 5_000)  # without unmap_program_pages() 6 000


class Probes(unittest.TestCase):
    def test_operators_listener_answers_while_others_are_elsewhere(self):
        port = free_port()
        with Daemon(f"[telemetry]\nenabled = true\nlisten = 'localhost:{port}'\n") as daemon:
            public, daemon.http = daemon.http, port
            self.assertEqual(daemon.get("/readyz"), (200, b"ready"))
            self.assertEqual(daemon.get("/healthz"), (200, b"ok"))
            self.assertEqual(daemon.request("GET", "/healthz", None, {"Accept": "application/json"}), (200, b'{"status":"ok"}'))
            self.assertEqual(daemon.request("GET", "/healthz", None, {"Accept": "application/json, text/plain"})[1], b"ok")
            self.assertEqual(daemon.request("POST", "/readyz")[0], 405)
            self.assertEqual(daemon.get("/api/status")[0], 404)
            self.assertIn("perf_sentinel_build_info", "".join(daemon.metrics()))
            daemon.http = public
            self.assertEqual(daemon.get("/readyz"), (200, b"ready"))

    def test_draining_is_not_ready_but_alive(self):
        port = free_port()
        reader, writer = os.pipe()
        daemon = Daemon(f"[telemetry]\nenabled = true\nlisten = 'localhost:{port}'\n")
        self.addCleanup(lambda: daemon.__exit__())
        daemon.popen = {"stdout": writer}
        daemon.start()
        os.close(writer)
        for number in range(1, 200):  # more findings than a pipe holds: the stop waits for their reader
            self.assertEqual(daemon.request("POST", "/v1/traces", request(number, 6), PROTOBUF)[0], 200)
        public, daemon.http = daemon.http, port
        daemon.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 10
        while daemon.get("/readyz")[0] == 200:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        self.assertEqual(daemon.get("/readyz"), (503, b"shutting down"))
        self.assertEqual(daemon.get("/healthz"), (200, b"ok"))
        daemon.http = public
        while True:  # the doors close
            try:
                daemon.get("/health")
            except OSError:
                break
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        with os.fdopen(reader, "rb") as findings:
            self.assertEqual(len(findings.read().splitlines()), 199)
        self.assertEqual(daemon.process.wait(20), 0)

    def test_operators_listener_has_limits_of_its_own(self):
        port = free_port()
        with Daemon(f"[telemetry]\nenabled = true\nlisten = 'localhost:{port}'\n"):
            def status(head):
                with socket.create_connection(("127.0.0.1", port), 10) as s:
                    s.sendall(head)
                    return s.recv(100).split(b" ")[1]
            line = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
            self.assertEqual(status(line + b"a: " + b"b" * 8000 + b"\r\n\r\n"), b"200")
            self.assertEqual(status(line + b"a: " + b"b" * 8200 + b"\r\n\r\n"), b"431")
            with socket.create_connection(("127.0.0.1", port), 10) as s:
                s.sendall(line)
                begin = time.monotonic()
                self.assertEqual(s.recv(100), b"")  # closed: a header has five seconds
                self.assertGreater(time.monotonic() - begin, 4.5)
                self.assertLess(time.monotonic() - begin, 9)

    def test_healthcheck_says_by_its_exit_code_whether_a_daemon_answers(self):
        with Daemon() as daemon:
            url = f"http://127.0.0.1:{daemon.http}/health"
            self.assertEqual(subprocess.run([BINARY, "healthcheck", "--url", url], timeout=20).returncode, 0)
            self.assertEqual(daemon.stop(), 0)
            gone = subprocess.run([BINARY, "healthcheck", "--url", url], capture_output=True, text=True, timeout=20)
            self.assertEqual(gone.returncode, 1)
            self.assertIn(str(daemon.http), gone.stderr)


class Stops(unittest.TestCase):
    def test_a_stop_analyses_what_is_in_the_window(self):
        with Daemon() as daemon:
            self.assertEqual(daemon.request("POST", "/v1/traces", request(spans=6), PROTOBUF)[0], 200)
            self.assertEqual(daemon.stop(signal.SIGINT), 0)
            self.assertEqual([f["type"] for f in daemon.findings()], ["n_plus_one_sql"])
            self.assertFalse((daemon.path / "d.sock").exists())

    def test_kill_while_acknowledging_loses_nothing_that_was_confirmed(self):
        with Daemon() as daemon:
            def acknowledge(i):
                path = f"/api/findings/n_plus_one_sql:cart:x:{i:032x}/ack"
                try:
                    return i if daemon.request("POST", path, b"{}", JSON)[0] == 201 else None
                except OSError:
                    return None
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                work = [pool.submit(acknowledge, i) for i in range(400)]
                while sum(w.done() for w in work) < 40:
                    time.sleep(0.001)
                daemon.process.kill()
                confirmed = {w.result() for w in work} - {None}
            daemon.process.wait()
            daemon.start()
            listed = {int(a["signature"][-32:], 16) for a in daemon.json("/api/acks")}
            self.assertGreaterEqual(len(confirmed), 40)
            self.assertLessEqual(confirmed, listed)
            self.assertLessEqual(len(listed - confirmed), 3)  # written, the answer cut off

    def test_a_sender_that_tries_again_over_a_restart_loses_nothing(self):
        with Daemon() as daemon:
            halfway, sent = threading.Event(), threading.Event()

            def send():
                for number in range(1, 301):
                    if number > 100:  # slowly enough to be in the middle of it when the daemon stops
                        halfway.set()
                        time.sleep(0.002)
                    while True:
                        try:
                            if daemon.request("POST", "/v1/traces", request(number, 6), PROTOBUF)[0] == 200:
                                break
                        except OSError:
                            pass
                        time.sleep(0.02)
                sent.set()

            sender = threading.Thread(target=send, daemon=True)
            sender.start()
            self.assertTrue(halfway.wait(60))
            self.assertEqual(daemon.stop(), 0)
            daemon.start()
            self.assertTrue(sent.wait(60))
            self.assertEqual(daemon.stop(), 0)
            found = [f["trace_id"] for f in daemon.findings()]
            self.assertEqual(set(found), {f"{number:032x}" for number in range(1, 301)})
            self.assertLessEqual(len(found), 301)  # the request whose answer the stop cut off may have come twice


@unittest.skipUnless(shutil.which("openssl"), "needs openssl")
class Certificates(unittest.TestCase):
    def make(self, folder, name, ca=None):
        """A certificate for 127.0.0.1, signed by itself or by `ca`."""
        sign = ["-CA", folder / f"{ca}.pem", "-CAkey", folder / f"{ca}.key"] if ca else []
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key",
                        "-out", folder / f"{name}.pem", *sign], check=True, capture_output=True)

    @staticmethod
    def replace(folder, name, by):
        for suffix in (".key", ".pem"):
            shutil.copy(folder / (by + suffix), folder / "new")
            os.replace(folder / "new", folder / (name + suffix))

    def test_a_renewed_one_is_presented_without_a_restart(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for one in ("server", "renewed", "third"):
                self.make(folder, one)
            daemon = Daemon(tls_cert_path=str(folder / "server.pem"), tls_key_path=str(folder / "server.key"))
            first, renewed = ((folder / f"{one}.pem").read_text() for one in ("server", "renewed"))
            presented = lambda port: ssl.get_server_certificate(("127.0.0.1", port))  # noqa: E731
            daemon.get = lambda path: (200 if presented(daemon.http) else 0, b"")  # it speaks no plain HTTP
            with daemon:
                for port in (daemon.http, daemon.grpc):
                    self.assertEqual(presented(port).strip(), first.strip())
                self.replace(folder, "server", "renewed")
                until = time.monotonic() + 10
                while presented(daemon.grpc).strip() != renewed.strip():
                    self.assertLess(time.monotonic(), until)
                    time.sleep(0.1)
                self.assertEqual(presented(daemon.http).strip(), renewed.strip())
                (folder / "server.pem").write_text("cut off in the middle of writ")
                time.sleep(2.5)
                self.assertIn("stays in use", daemon.log())
                self.assertEqual(presented(daemon.http).strip(), renewed.strip())
                self.replace(folder, "server", "third")
                daemon.process.send_signal(signal.SIGHUP)  # at once, and no reason to end
                third, until = (folder / "third.pem").read_text(), time.monotonic() + 1.5
                while presented(daemon.http).strip() != third.strip() and time.monotonic() < until:
                    time.sleep(0.05)
                self.assertEqual(presented(daemon.http).strip(), third.strip())
                self.assertIn("SIGHUP", daemon.log())
                self.assertEqual(daemon.stop(), 0)

    def test_operators_without_a_certificate_are_turned_away_where_one_is_asked_for(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for one in ("server", "client", "stranger"):
                self.make(folder, one)
            port = free_port()
            tls = "\n".join(f"{key} = '{folder / file}'" for key, file in
                            (("cert_file", "server.pem"), ("key_file", "server.key"), ("client_ca_file", "client.pem")))
            with Daemon(f"[telemetry]\nenabled = true\nlisten = 'localhost:{port}'\n[telemetry.tls]\n{tls}\n") as daemon:
                def ready(certificate):
                    context = ssl.create_default_context(cafile=folder / "server.pem")
                    if certificate:
                        context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
                    c = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
                    try:
                        c.request("GET", "/readyz")
                        return c.getresponse().read()
                    except OSError:
                        return None
                    finally:
                        c.close()
                self.assertEqual(ready("client"), b"ready")
                self.assertIsNone(ready(None))
                self.assertIsNone(ready("stranger"))
                self.assertEqual(daemon.get("/health")[0], 200)

    def test_senders_without_a_certificate_are_turned_away_where_one_is_asked_for(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for one, ca in (("server", None), ("authority", None), ("client", "authority"), ("elsewhere", None), ("stranger", "elsewhere")):
                self.make(folder, one, ca)
            shutil.copy(folder / "authority.pem", folder / "clients.pem")
            keys = {"tls_cert_path": "server.pem", "tls_key_path": "server.key", "tls_client_ca_path": "clients.pem"}
            daemon = Daemon(**{key: str(folder / file) for key, file in keys.items()})
            hello = {daemon.http: b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", daemon.grpc: h2.PREFACE + h2.frame(h2.SETTINGS)}

            def served(port, certificate):
                context = ssl.create_default_context(cafile=folder / "server.pem")
                if certificate:
                    context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
                try:
                    with socket.create_connection(("127.0.0.1", port), 10) as plain, \
                            context.wrap_socket(plain, server_hostname="127.0.0.1") as wire:
                        wire.sendall(hello[port])
                        return wire.recv(1) != b""
                except (ssl.SSLError, ConnectionError):
                    return False

            daemon.get = lambda path: (200 if served(daemon.http, "client") else 0, b"")
            with daemon:
                for port in (daemon.http, daemon.grpc):
                    self.assertEqual([served(port, who) for who in ("client", "stranger", None)], [True, False, False])
                shutil.copy(folder / "elsewhere.pem", folder / "new")
                os.replace(folder / "new", folder / "clients.pem")
                until = time.monotonic() + 10
                while not served(daemon.grpc, "stranger"):
                    self.assertLess(time.monotonic(), until)
                    time.sleep(0.1)
                for port in (daemon.http, daemon.grpc):
                    self.assertEqual([served(port, who) for who in ("client", "stranger", None)], [False, True, False])
                self.assertEqual(daemon.stop(), 0)


class Misbehaviour(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(max_payload_size=65_536)
        self.addCleanup(lambda: self.daemon.__exit__())
        self.daemon.start()

    def tearDown(self):
        self.assertEqual(self.daemon.get("/health")[0], 200)
        self.assertEqual(self.daemon.stop(), 0, self.daemon.log())

    def post(self, body, **headers):
        return self.daemon.request("POST", "/v1/traces", body, {**PROTOBUF, **headers})[0]

    def test_a_request_cut_anywhere_is_refused_whole(self):
        whole = request(spans=1)
        statuses = [self.post(whole[:n]) for n in range(len(whole))]
        self.assertEqual(statuses[0], 200)  # an empty message is one
        self.assertEqual(set(statuses[1:]), {400})
        m = self.daemon.metrics()
        self.assertEqual(m["perf_sentinel_otlp_spans_received_total"], 0)
        self.assertEqual(m['perf_sentinel_otlp_rejected_total{reason="parse_error"}'], len(whole) - 1)

    def test_sizes_are_bounded_on_the_wire_and_unpacked(self):
        bomb = gzip.compress(b"\0" * (64 << 20))
        self.assertLess(len(bomb), 65_536 + 1)
        self.assertEqual(self.post(b"\0" * 65_537), 413)
        self.assertEqual(self.post(bomb, **{"Content-Encoding": "gzip"}), 413)
        self.assertEqual(self.post(gzip.compress(request()), **{"Content-Encoding": "gzip"}), 200)
        if not SANITIZED:
            self.assertLess(self.daemon.memory_kb("VmHWM"), 40_000)

    def test_idle_connections_do_not_keep_others_out(self):
        idle = []
        try:
            for _ in range(500):
                for port in (self.daemon.http, self.daemon.grpc):
                    idle.append(socket.create_connection(("127.0.0.1", port), 5))
            self.assertEqual(self.post(request()), 200)
        finally:
            for s in idle:
                s.close()

    def test_every_refusal_is_counted(self):
        self.assertEqual(self.daemon.request("POST", "/v1/traces", b"x", {"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(self.post(b"\xff"), 400)
        m = self.daemon.metrics()
        self.assertEqual(m['perf_sentinel_otlp_rejected_total{reason="unsupported_media_type"}'], 1)
        self.assertEqual(m['perf_sentinel_otlp_rejected_total{reason="parse_error"}'], 1)
        self.assertEqual(total(m, "perf_sentinel_otlp_rejected_total"), 2)

    def test_lines_that_are_no_traces_do_not_end_the_connection(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.daemon.path / "d.sock"))
            event = {"timestamp": "2025-07-10T14:32:01.020Z", "trace_id": "t", "span_id": "s", "service": "cart", "type": "sql",
                     "operation": "SELECT", "target": "SELECT 1", "duration_us": 8, "source": {"endpoint": "/", "method": "m"}}
            s.sendall(b"nonsense\n\n{}\n" + json.dumps([event]).encode() + b"\n")
            s.shutdown(socket.SHUT_WR)
            self.assertEqual(s.recv(10), b"")
        until = time.monotonic() + 5
        while self.daemon.metrics()["perf_sentinel_events_processed_total"] < 1:
            self.assertLess(time.monotonic(), until)


if __name__ == "__main__":
    os.environ.pop("PERF_SENTINEL_ACK_API_KEY", None)
    unittest.main()
