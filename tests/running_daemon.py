"""A daemon started for a test, with what tests ask of it: its ports, its metrics, its end. Standard library only."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

BINARY = os.environ.get("PERF_SENTINEL", str(pathlib.Path(__file__).resolve().parents[1] / "build/release/perf-sentinel"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    """`with Daemon("[daemon]…") as d`: listening on d.http and d.grpc; findings in d.out, log in d.log()."""

    def __init__(self, config="", **daemon_keys):
        self.folder = tempfile.TemporaryDirectory(prefix="sentinel-daemon-")
        self.path = pathlib.Path(self.folder.name)
        self.http, self.grpc = free_port(), free_port()
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
        if self.process.poll() is None:
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

    def stop(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)
        return self.process.wait(timeout=40)


def total(metrics, family):
    """Sum over the labels of a family."""
    return sum(v for name, v in metrics.items() if re.match(re.escape(family) + r"(\{|$)", name))
