"""A daemon of this project on free ports of loopback: started, asked, stopped. Everything it leaves lies in one folder."""

import http.client
import json
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import time

from clients import MUTUAL, PLAIN

# What a client says first: over HTTP/1, over HTTP/2.
HELLO = (b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")


def free_ports(count):
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def make_certificate(folder, name):
    """A certificate for loopback that is its own authority; its file and that of its key."""
    certificate, key = pathlib.Path(folder, f"{name}.pem"), pathlib.Path(folder, f"{name}-key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out",
                    str(certificate)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    return certificate, key


class Receiver:
    def __init__(self, binary, folder, tls):
        self.folder = pathlib.Path(folder)
        self.ca, self.client, self.tls_lines = None, None, ""
        if tls != PLAIN:
            self.ca, key = make_certificate(folder, "server")
            self.tls_lines = f'tls_cert_path = "{self.ca}"\ntls_key_path = "{key}"\n'
        if tls == MUTUAL:
            self.client = make_certificate(folder, "client")
            self.tls_lines += f'tls_client_ca_path = "{self.client[0]}"\n'
        self.command = [binary, "watch", "--config", str(self.folder / "watch.toml")]

    def __enter__(self):
        # Traces stay in the window until the stop, and a trace is one N+1 however slowly its spans were made.
        self.ports = dict(zip(("grpc", "http"), free_ports(2)))
        (self.folder / "watch.toml").write_text(
            f'[daemon]\nlisten_port_grpc = {self.ports["grpc"]}\nlisten_port_http = {self.ports["http"]}\n'
            f'json_socket = "{self.folder}/socket"\ntrace_ttl_ms = 600000\n{self.tls_lines}'
            "[daemon.ack]\nenabled = false\n[detection]\nwindow_duration_ms = 60000\n", encoding="utf-8")
        with open(self.folder / "findings", "wb") as findings, open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=findings, stderr=log)
        deadline = time.monotonic() + 30
        for port in self.ports.values():
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline or self.process.poll() is not None:
                        self.process.kill()
                        raise RuntimeError(f"the daemon does not listen:\n{self.log()}") from None
                    time.sleep(0.01)
        if self.ca:
            self.api = http.client.HTTPSConnection("127.0.0.1", self.ports["http"], timeout=30, context=self.context(self.client))
        else:
            self.api = http.client.HTTPConnection("127.0.0.1", self.ports["http"], timeout=30)
        return self

    def __exit__(self, *_):
        self.api.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def context(self, pair=None):
        context = ssl.create_default_context(cafile=self.ca)
        if pair:
            context.load_cert_chain(*pair)
        return context

    def serves(self, port, pair):
        """Whether a client with this certificate and key, or none, gets a byte in answer."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain, \
                    self.context(pair).wrap_socket(plain, server_hostname="localhost") as wire:
                wire.sendall(HELLO[port == self.ports["grpc"]])
                return wire.recv(1) != b""
        except (ssl.SSLError, ConnectionError):
            return False

    def strangers_served(self):
        """Ports that take a client without a certificate, or with one of an authority they do not know."""
        stranger = make_certificate(self.folder, "stranger")
        return [name for name, port in self.ports.items() if self.serves(port, None) or self.serves(port, stranger)]

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def get(self, path):
        self.api.request("GET", path)
        answer = self.api.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise LookupError(f"GET {path}: {answer.status} {body}")
        return body

    def counters(self):
        """Name -> sum over its labels, without the prefix."""
        sums = {}
        for line in self.get("/metrics").splitlines():
            if sample := SAMPLE.match(line):
                name = sample[1].removeprefix("perf_sentinel_")
                sums[name] = sums.get(name, 0) + float(sample[3])
        return sums

    def spans(self, trace_id):
        """The I/O spans of a trace in the window, as nodes of its tree."""
        found, nodes = [], list(json.loads(self.get(f"/api/explain/{trace_id}")).get("roots", []))
        while nodes:
            found.append(nodes.pop())
            nodes += found[-1]["children"]
        return found

    def stop(self):
        """SIGTERM; the exit code and the findings it wrote."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        findings = (self.folder / "findings").read_text(encoding="utf-8").splitlines()
        return code, [json.loads(line) for line in findings]
