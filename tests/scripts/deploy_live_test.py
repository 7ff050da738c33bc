"""deploy/ and the runbook against a running daemon: its metrics are those that rules and dashboards ask for, the commands of the
runbook show something, and a real Prometheus takes its scrape.

The daemon is started on ports of its own and given two traces with known findings. Prometheus and promtool (Debian: prometheus) are
used where they are.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import monitoring_files as files  # noqa: E402
from running_daemon import BINARY, free_port, free_ports  # noqa: E402

PROMETHEUS = shutil.which("prometheus")

CONFIG = """[daemon]
listen_port_http = {http}
listen_port_grpc = {grpc}
json_socket = "{folder}/s.sock"
trace_ttl_ms = 200
[daemon.correlation]
enabled = true
min_co_occurrences = 1
[daemon.ack]
storage_path = "{folder}/acks/acks.jsonl"
[daemon.archive]
path = "{folder}/archive.ndjson"
"""


def fetch(url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def wait_for(what, question, seconds=20):
    """The first answer of `question` that is true."""
    last = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            last = question()
            if last:
                return last
        except (OSError, urllib.error.URLError) as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"no {what} within {seconds} s: {last}")


def attributes(**pairs):
    return [{"key": k.replace("__", "."), "value": {"stringValue": v}} for k, v in pairs.items()]


def request(service, trace_id, now_ns):
    """OTLP/JSON: a request of `service` with twenty statements of one shape, one of them slow."""
    def span(index, kind, name, start, end, **pairs):
        return {"traceId": trace_id, "spanId": f"{index:016x}", "parentSpanId": "" if index == 1 else f"{1:016x}", "name": name, "kind": kind,
                "startTimeUnixNano": str(now_ns + start * 1_000_000), "endTimeUnixNano": str(now_ns + end * 1_000_000), "attributes": attributes(**pairs)}
    spans = [span(1, 2, "GET /orders", 0, 900, http__route="/orders", http__request__method="GET")]
    spans += [span(i, 3, "SELECT", i * 10, i * 10 + (600 if i == 2 else 5), db__system="postgresql",
                   db__statement=f"SELECT * FROM orders WHERE id = {i}") for i in range(2, 22)]
    return {"resourceSpans": [{"resource": {"attributes": attributes(service__name=service)}, "scopeSpans": [{"spans": spans}]}]}


@unittest.skipUnless(pathlib.Path(BINARY).exists(), f"{BINARY} is not built")
class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(shutil.rmtree, folder := pathlib.Path(tempfile.mkdtemp()), True)
        cls.folder = folder
        http, grpc = free_ports(2)
        cls.url = f"http://127.0.0.1:{http}"
        cls.address = f"127.0.0.1:{http}"
        cls.config = folder / "perf-sentinel.toml"
        cls.config.write_text(CONFIG.format(http=http, grpc=grpc, folder=folder), encoding="utf-8")
        with open(folder / "findings", "wb") as out, open(folder / "log", "wb") as log:
            cls.daemon = subprocess.Popen([BINARY, "watch", "--config", str(cls.config)], stdout=out, stderr=log, cwd=folder)
        cls.addClassCleanup(cls.stop)
        wait_for("answer of /health", lambda: fetch(cls.url + "/health"))
        # Twice a trace of two services, so that findings repeat and occur together.
        for number in (1, 2):
            for service in ("orders", "billing"):
                body = json.dumps(request(service, f"{number:031x}{'a' if service == 'orders' else 'b'}", time.time_ns())).encode()
                fetch(cls.url + "/v1/traces", body, {"Content-Type": "application/json"})
        cls.findings = wait_for("findings of both services", lambda: cls.both_services(json.loads(fetch(cls.url + "/api/findings"))))
        finding = next(f["finding"] for f in cls.findings if f["finding"]["severity"] == "critical")
        cls.signature, cls.trace_id = finding["signature"], finding["trace_id"]
        cls.acknowledge()

    @classmethod
    def both_services(cls, findings):
        return findings if len({f["finding"]["service"] for f in findings}) == 2 else None

    @classmethod
    def acknowledge(cls):
        other = next(f["finding"]["signature"] for f in cls.findings if f["finding"]["signature"] != cls.signature)
        cls.acknowledged = other
        fetch(f"{cls.url}/api/findings/{urllib.parse.quote(other, safe='')}/ack", b'{"reason": "known"}', {"Content-Type": "application/json"})

    @classmethod
    def stop(cls):
        cls.daemon.send_signal(signal.SIGTERM)
        cls.daemon.wait(30)

    def metrics(self):
        return fetch(self.url + "/metrics")

    # -- rules and dashboards

    def test_every_metric_asked_for_is_there(self):
        live = set(re.findall(r"^(\w+)", self.metrics(), flags=re.M))
        asked = {n for _, e in files.expressions() for n in files.named(e)} | {n for r in files.rules() for n in files.named(r["expr"])}
        asked -= {"perf_sentinel_selftelemetry_init_errors_total"}  # comes with the first component that has no meter
        self.assertGreater(len(asked), 30)
        self.assertEqual(sorted(asked - live), [])

    @unittest.skipIf(files.PROMTOOL is None, "promtool is not installed (Debian: prometheus)")
    def test_promtool_can_read_the_metrics(self):
        done = subprocess.run([files.PROMTOOL, "check", "metrics"], input=self.metrics(), capture_output=True, text=True, timeout=60, check=False)
        # Two counters keep the names they have always had.
        complaints = [line for line in done.stderr.splitlines() + done.stdout.splitlines() if not re.match(r"perf_sentinel_(avoidable|total)_io_ops ", line)]
        self.assertEqual(complaints, [])

    @unittest.skipIf(PROMETHEUS is None, "prometheus is not installed")
    def test_prometheus_scrapes_evaluates_and_keeps_exemplars(self):
        port = free_port()
        folder = self.folder / "prometheus"
        folder.mkdir()
        text = (files.PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
        self.assertIn('targets: ["localhost:4318"]', text)
        text = text.replace("localhost:4318", self.address).replace("interval: 15s", "interval: 1s")
        (folder / "prometheus.yml").write_text(text, encoding="utf-8")
        for path in files.PROMETHEUS.glob("*.rules.yaml"):
            shutil.copy(path, folder)
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen([PROMETHEUS, "--config.file", "prometheus.yml", "--storage.tsdb.path", "data", "--enable-feature=exemplar-storage",
                                       "--web.listen-address", f"127.0.0.1:{port}", "--log.level=warn"], cwd=folder, stdout=log, stderr=log)
        self.addCleanup(server.wait, 30)
        self.addCleanup(server.terminate)

        def ask(path, **parameters):
            answer = json.loads(fetch(f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))
            self.assertEqual(answer["status"], "success")
            return answer["data"]

        wait_for("scrape", lambda: ask("query", query='up{job="perf-sentinel"} == 1')["result"], 40)
        wait_for("findings in Prometheus", lambda: ask("query", query="perf_sentinel_findings_total")["result"])
        # Every query of the dashboards runs; those that need no change over time have an answer.
        for where, expression in files.expressions():
            expression = (expression.replace("$__rate_interval", "30s").replace("$__range", "5m").replace("$job", "perf-sentinel")
                          .replace("$instance", ".*").replace("$service", ".*").replace("$component", ".*"))
            with self.subTest(query=where):
                ask("query", query=expression)
        self.assertTrue(ask("query", query="perf_sentinel_active_traces / perf_sentinel_max_active_traces * 100")["result"])
        now = time.time()
        exemplars = ask("query_exemplars", query="perf_sentinel_findings_total", start=now - 600, end=now + 60)
        self.assertIn(self.trace_id[:31], {e["labels"]["trace_id"][:31] for series in exemplars for e in series["exemplars"]})
        rules = {r["name"]: r for g in ask("rules")["groups"] for r in g["rules"]}
        self.assertEqual([(n, r["lastError"]) for n, r in rules.items() if r["health"] == "err"], [])

    # -- the runbook

    def lines(self):
        """Its command lines that ask the daemon on localhost:4318, or look at its files."""
        text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
        for block in re.findall(r"^```\n(.*?)^```", text, flags=re.M | re.S):
            for line in block.splitlines():
                if "localhost:4318" in line or line.startswith(("perf-sentinel query", "perf-sentinel ack", "perf-sentinel validate")) or "/var/lib/" in line:
                    yield line

    def test_commands_of_the_runbook_show_something(self):
        path = self.folder / "bin"
        path.mkdir()
        (path / "perf-sentinel").symlink_to(pathlib.Path(BINARY).resolve())
        environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "PERF_SENTINEL_DAEMON_URL": self.url, "NO_PROXY": "*"}
        lines = list(self.lines())
        self.assertGreater(len(lines), 30)
        for line in lines:
            if any(shutil.which(tool) is None for tool in re.findall(r"\b(curl|jq|zgrep)\b", line)):
                continue
            quiet = "warning_details" in line  # a healthy daemon warns of nothing
            line = (line.replace("localhost:4318", self.address).replace("/var/lib/perf-sentinel", str(self.folder)).replace("TRACE_ID", self.trace_id)
                    .replace("SIGNATURE", self.acknowledged).replace("FILE", str(self.config)).replace("new.toml", str(self.config)))
            with self.subTest(line=line):
                done = subprocess.run(["bash", "-c", line], env=environment, cwd=self.folder, capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertTrue(quiet or done.stdout.strip(), done.stderr)


if __name__ == "__main__":
    unittest.main()
