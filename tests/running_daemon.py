"""A daemon started for a test, with what tests ask of it: its ports, its metrics, its memory, its end. Standard library only."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import raw_http2 as h2
from otlp_requests import PROTOBUF, request

BINARY = os.environ.get("PERF_SENTINEL", str(pathlib.Path(__file__).resolve().parents[1] / "build/release/perf-sentinel"))
SANITIZED = any(name in BINARY for name in ("asan", "tsan"))  # memory is not what it is without


def free_ports(count):
    """Ports that differ: all are held until the last is there."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


def free_port():
    return free_ports(1)[0]


class Daemon:
    """`with Daemon("[daemon]…") as d`: listening on d.http and d.grpc; findings in d.out, log in d.log()."""

    def __init__(self, config="", **daemon_keys):
        self.folder = tempfile.TemporaryDirectory(prefix="sentinel-daemon-")
        self.path = pathlib.Path(self.folder.name)
        self.http, self.grpc = free_ports(2)
        keys = {"listen_port_http": self.http, "listen_port_grpc": self.grpc, "json_socket": str(self.path / "d.sock"),
                **daemon_keys}
        lines = ["[daemon]"] + [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
        lines += ["[daemon.ack]", f"storage_path = {json.dumps(str(self.path / 'acks.jsonl'))}", config]
        (self.path / "config.toml").write_text("\n".join(lines), encoding="utf-8")
        self.process = None
        self.popen = {}  # further arguments of Popen

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def start(self):
        with open(self.path / "out", "ab") as out, open(self.path / "err", "ab") as err:
            self.process = subprocess.Popen([BINARY, "watch", "--config", str(self.path / "config.toml")],
                                            **{"stdout": out, "stderr": err, "cwd": self.path, **self.popen})
        until = time.monotonic() + 20
        while True:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the daemon did not start:\n" + self.log())
            time.sleep(0.01)

    def log(self):
        return (self.path / "err").read_text(encoding="utf-8", errors="replace")

    def findings(self):
        return [json.loads(line) for line in (self.path / "out").read_text(encoding="utf-8").splitlines()]

    def request(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.http, timeout=20)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, r.read()
        finally:
            c.close()

    def get(self, path):
        return self.request("GET", path)

    def json(self, path):
        status, body = self.get(path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def metrics(self):
        """Series by name with labels."""
        values = {}
        for line in self.get("/metrics")[1].decode().splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                values[name] = float(value)
        return values

    def counted(self, family, **labels):
        """The sum of the series of a family (without its perf_sentinel_) whose labels have these values."""
        wanted = [f'{name}="{value}"' for name, value in labels.items()]
        return sum(value for name, value in self.metrics().items()
                   if name.startswith(f"perf_sentinel_{family}{{") and all(w in name for w in wanted))

    def memory_kb(self, what):
        """A line of /proc/PID/status: VmRSS, VmHWM, RssAnon."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(next(line for line in status.splitlines() if line.startswith(what + ":")).split()[1])

    def limit_file_size(self, size):
        """No file that it writes may pass `size` from now on, as if the disk were full; None lifts that."""
        most = resource.RLIM_INFINITY
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))

    def stop(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)
        return self.process.wait(timeout=40)


def total(metrics, family):
    """Sum over the labels of a family."""
    return sum(v for name, v in metrics.items() if re.match(re.escape(family) + r"(\{|$)", name))


def imbalance(metrics):
    """Differences of both sides of the ledger of spans; zero when it holds."""
    m = metrics
    door = (m["perf_sentinel_otlp_spans_received_total"] - total(m, "perf_sentinel_otlp_spans_filtered_total")
            - m["perf_sentinel_events_sampled_out_total"] - m["perf_sentinel_events_processed_total"])
    inside = (m["perf_sentinel_events_processed_total"] - m["perf_sentinel_events_ring_dropped_total"]
              - m["perf_sentinel_events_shed_total"] - m["perf_sentinel_events_abandoned_total"]
              - m["perf_sentinel_events_analyzed_total"] - m["perf_sentinel_events_in_flight"])
    return door, inside


def eventually(holds, limit=10):
    """Whether `holds()` becomes true within `limit` seconds."""
    until = time.monotonic() + limit
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def watch(config, folder, *arguments):
    """Runs `watch` with a configuration that it has to refuse; what came of it."""
    path = pathlib.Path(folder) / "refused.toml"
    path.write_text(config, encoding="utf-8")
    return subprocess.run([BINARY, "watch", "--config", str(path), *arguments], capture_output=True, text=True, timeout=20,
                          cwd=folder)


class DaemonCase(unittest.TestCase):
    """Tests that start daemons of their own, which end with the test."""

    def start(self, config="", popen=None, **keys):
        daemon = Daemon(config, **keys)
        daemon.popen = popen or {}
        self.addCleanup(daemon.__exit__)
        daemon.start()
        return daemon

    def assert_alive(self, daemon):
        self.assertEqual(daemon.get("/health")[0], 200)
        self.assertEqual(daemon.request("POST", "/v1/traces", request(trace=7), PROTOBUF)[0], 200)
        with h2.Peer(daemon.grpc) as peer:
            self.assertEqual(peer.call(request(trace=8)), 0)
