"""docs/runbook.md at work: each symptom is brought about in a daemon of its own, and the commands of its section show it.

A section without a test here fails the first of them. Commands that ask another system (kubectl, systemctl, a trace store) are left
out; that every other line runs at all is tested by deploy_live_test.py.
"""

import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from otlp_requests import JSON, attribute, export, trace  # noqa: E402
from running_daemon import BINARY, DaemonCase, eventually, free_port, free_ports  # noqa: E402

TEXT = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
ELSEWHERE = ("kubectl", "systemctl", "journalctl", "prometheus:9090", "tempo", "jaeger-query", "https://", "14318")


def sections():
    """Command lines by heading; headings without commands too."""
    out = {}
    for part in re.split(r"^## ", TEXT, flags=re.M)[1:]:
        heading, _, body = part.partition("\n")
        blocks = re.findall(r"^```\n(.*?)^```", body, flags=re.M | re.S)
        out[heading] = [line for block in blocks for line in block.splitlines()]
    return out


SECTIONS = sections()


def private_cgroup(folder):
    """Run before a daemon starts: `folder` stands where its cgroup is looked for, for this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_namespace, bind, recursive, private = 0x20000, 0x1000, 0x4000, 0x40000
    for failed in (libc.unshare(new_namespace), libc.mount(b"none", b"/", None, recursive | private, None),
                   libc.mount(str(folder).encode(), b"/sys/fs/cgroup", None, bind, None)):
        if failed:
            raise OSError(ctypes.get_errno(), "no mount namespace")


@unittest.skipUnless(shutil.which("curl"), "needs curl")
class Symptoms(DaemonCase):
    def start(self, config="", popen=None, **keys):
        return super().start(config, popen, **{"trace_ttl_ms": 100, **keys})

    def send(self, daemon, *numbers, service="orders", statements=12, status=200):
        for number in numbers:
            body = export(trace(number, statements)).replace(b'"orders"', json.dumps(service).encode())
            self.assertEqual(daemon.request("POST", "/v1/traces", body, JSON)[0], status)

    def analysed(self, daemon, traces):
        self.assertTrue(eventually(lambda: daemon.metrics()["perf_sentinel_traces_analyzed_total"] >= traces))

    def show(self, heading, daemon, **words):
        """What the commands of a section print, one after the other."""
        folder = daemon.path / "bin"
        if not folder.exists():
            folder.mkdir()
            (folder / "perf-sentinel").symlink_to(pathlib.Path(BINARY).resolve())
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "NO_PROXY": "*",
                       "PERF_SENTINEL_DAEMON_URL": f"http://localhost:{daemon.http}"}
        out = []
        for line in SECTIONS[heading]:
            tools = [tool for tool in ("ss", "jq", "zgrep") if re.search(rf"\b{tool}\b", line)]
            if any(word in line for word in ELSEWHERE) or any(shutil.which(tool) is None for tool in tools):
                continue
            line = line.replace("localhost:4318", f"localhost:{daemon.http}").replace(":431[78]", f":({daemon.http}|{daemon.grpc})")
            line = line.replace("/var/lib/perf-sentinel", str(daemon.path)).replace("FILE", str(daemon.path / "config.toml"))
            for word, value in words.items():
                line = line.replace(word, value)
            out.append(subprocess.run(["bash", "-c", line], env=environment, cwd=daemon.path, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, timeout=30, check=False).stdout)
        return "".join(out)

    def test_every_section_is_tried_here(self):
        source = pathlib.Path(__file__).read_text(encoding="utf-8")
        tried = set(re.findall(r'show\("([^"]+)"', source))
        self.assertEqual({h for h, lines in SECTIONS.items() if lines} - tried, {"It was restarted or crashed", "Changing the configuration"})
        self.assertEqual(tried - set(SECTIONS), set())

    def test_first_look(self):
        daemon = self.start()
        self.send(daemon, 1)
        self.analysed(daemon, 1)
        shown = self.show("First look", daemon)
        for wanted in ('"status":"ok"', "perf_sentinel_otlp_spans_received_total 13", "perf_sentinel_events_analyzed_total 12", "SELECT * FROM line"):
            self.assertIn(wanted, shown)

    def test_it_listens_here_and_not_elsewhere(self):
        daemon = self.start()
        self.assertIn('"status":"ok"', shown := self.show("It cannot be reached", daemon))
        if shutil.which("ss"):
            self.assertIn(f"127.0.0.1:{daemon.grpc}", shown)
        elsewhere = self.show("It cannot be reached", daemon, **{f"localhost:{daemon.http}": f"127.0.0.2:{daemon.http}"})
        self.assertNotIn('"status":"ok"', elsewhere)
        self.assertRegex(elsewhere, "refused|Failed to connect|Couldn't connect")

    def test_nothing_is_sent(self):
        self.assertIn("perf_sentinel_otlp_spans_received_total 0", self.show("Nothing is taken in", self.start()))

    def test_nothing_that_is_sent_can_be_analysed(self):
        daemon = self.start()
        spans = trace(1, 5)
        for span in spans[1:]:
            span["attributes"] = [attribute("db.system", "postgresql")]  # and no statement
        self.assertEqual(daemon.request("POST", "/v1/traces", export(spans), JSON)[0], 200)
        shown = self.show("Nothing is taken in", daemon)
        for wanted in ("perf_sentinel_otlp_spans_received_total 6", 'perf_sentinel_otlp_spans_filtered_total{reason="missing_db_statement"} 5',
                       'perf_sentinel_otlp_spans_filtered_total{reason="not_io"} 1', "perf_sentinel_events_processed_total 0"):
            self.assertIn(wanted, shown)

    def test_everything_is_sampled_out(self):
        daemon = self.start(sampling_rate=0.0)
        self.send(daemon, 1)
        self.assertIn("perf_sentinel_events_sampled_out_total 12", self.show("Nothing is taken in", daemon))
        self.assertIn("sampling_rate", self.show("First look", daemon))

    def test_one_service_falls_silent_and_traces_leave_early(self):
        daemon = self.start(max_active_traces=1, trace_ttl_ms=60_000)
        self.send(daemon, 1, 2, service="orders")
        self.send(daemon, 3, service="billing")
        before = self.show("Volume drops", daemon)
        self.send(daemon, 4, 5, service="orders")
        after = self.show("Volume drops", daemon)
        for text, orders, evicted in ((before, 24, 2), (after, 48, 4)):
            self.assertIn(f'perf_sentinel_service_io_ops_total{{service="orders"}} {orders}', text)
            self.assertIn('perf_sentinel_service_io_ops_total{service="billing"} 12', text)
            self.assertIn(f'perf_sentinel_traces_evicted_total{{reason="lru"}} {evicted}', text)

    def test_critical_findings_rise(self):
        daemon = self.start()
        self.send(daemon, 1)
        self.analysed(daemon, 1)
        shown = self.show("Critical findings rise", daemon)
        self.assertIn("SELECT * FROM line", shown)
        self.assertRegex(shown, rf'findings_total\{{severity="critical",type="n_plus_one_sql"\}} 1 # \{{trace_id="{1:032x}"')

    def test_requests_are_refused(self):
        daemon = self.start()
        self.assertEqual(daemon.request("POST", "/v1/traces", b"{}", {"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(daemon.request("POST", "/v1/traces", b"{", JSON)[0], 400)
        shown = self.show("Requests are refused", daemon)
        for reason, times in (("unsupported_media_type", 1), ("parse_error", 1), ("channel_full", 0), ("memory_pressure", 0)):
            self.assertIn(f'perf_sentinel_otlp_rejected_total{{reason="{reason}"}} {times}', shown)

    def test_memory_runs_out(self):
        cgroup = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, cgroup, True)
        (cgroup / "memory.max").write_text("1000000\n")
        (cgroup / "memory.stat").write_text("inactive_file 100000\n")
        (cgroup / "memory.current").write_text("910000\n")  # 81 %
        try:
            daemon = self.start(popen={"preexec_fn": lambda: private_cgroup(cgroup)}, memory_high_water_pct=80)
        except (OSError, subprocess.SubprocessError):
            self.skipTest("needs a mount namespace of its own")
        self.assertTrue(eventually(lambda: daemon.metrics()["perf_sentinel_ingest_memory_pressure"] == 1))
        self.send(daemon, 1, status=503)
        self.assertIn("perf_sentinel_ingest_memory_pressure 1", self.show("Memory runs out", daemon))
        self.assertIn('{reason="memory_pressure"} 1', self.show("Requests are refused", daemon))
        (cgroup / "memory.current").write_text("840000\n")  # 74 %: below the mark by more than five points
        self.assertTrue(eventually(lambda: daemon.metrics()["perf_sentinel_ingest_memory_pressure"] == 0))
        self.send(daemon, 1)
        self.assertIn("perf_sentinel_ingest_memory_pressure 0", self.show("Memory runs out", daemon))

    def test_analysis_does_not_keep_up(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        daemon = self.start(popen={"stdout": writer}, ingest_queue_capacity=2, max_active_traces=1)
        os.close(writer)
        # Nobody reads the findings: analysis stands still before long.
        statement = json.dumps("SELECT " + "c, " * 700 + "d FROM line WHERE id = 1").encode()
        for number in range(1, 3000):
            body = export(trace(number, 6)).replace(b'"SELECT * FROM line WHERE id = 0"', statement)
            if daemon.request("POST", "/v1/traces", body, JSON)[0] == 503:
                break
        shown = self.show("Analysis does not keep up", daemon)
        for wanted in ("perf_sentinel_ingest_queue_capacity 2", "perf_sentinel_analysis_shed_traces_total 0", "process_cpu_seconds_total",
                       'perf_sentinel_otlp_rejected_total{reason="channel_full"} 1'):
            self.assertIn(wanted, shown)
        self.assertRegex(shown, r'perf_sentinel_queue_depth_ratio\{queue="output"\} 1')

    def test_a_finding_is_missing(self):
        daemon = self.start()
        self.send(daemon, 1)
        self.analysed(daemon, 1)
        signature = daemon.json("/api/findings")[0]["finding"]["signature"]
        path = f"/api/findings/{signature.replace('/', '%2F')}/ack"
        self.assertEqual(daemon.request("POST", path, b'{"by":"mira","reason":"known"}', JSON)[0], 201)
        self.assertNotIn(signature, daemon.get("/api/findings")[1].decode())
        shown = self.show("A finding is missing: an unexpected acknowledgment", daemon, SIGNATURE=signature)
        for wanted in (signature, "mira", "known", '"source":"daemon"'):
            self.assertIn(wanted, shown)
        self.assertEqual(daemon.json("/api/findings")[0]["finding"]["signature"], signature)  # the last command revoked it

    def test_exemplars_are_missing(self):
        daemon = self.start()
        self.assertEqual(self.show("Exemplars are missing", daemon), "")
        self.send(daemon, 1)
        self.analysed(daemon, 1)
        self.assertIn(f'trace_id="{1:032x}"', self.show("Exemplars are missing", daemon))

    def test_an_energy_source_is_stuck(self):
        daemon = self.start(f"[green.kepler]\nendpoint = 'http://127.0.0.1:{free_port()}/metrics'\nscrape_interval_secs = 1\n"
                            "[green.kepler.service_mappings]\norders = 'orders'\n")
        failed = 'perf_sentinel_kepler_scrape_failed_total{reason="unreachable"}'
        self.assertTrue(eventually(lambda: daemon.metrics()[failed] >= 1))
        shown = self.show("An energy source is stuck", daemon)
        self.assertRegex(shown, re.escape(failed) + " [1-9]")
        self.assertRegex(shown, r'\{"backend":"kepler","configured":true,[^}]*"scrapes_failed":[1-9]')
        self.assertIn('{"backend":"alumet","configured":false}', shown)

    def test_correlations_are_off(self):
        shown = self.show("Correlations are empty or incomplete", self.start())
        self.assertIn('"correlation_enabled":false', shown)
        self.assertIn("perf_sentinel_correlator_pairs_evicted_total 0", shown)

    def test_the_export_is_empty(self):
        self.assertIn("404", self.show("The export is empty", self.start(api_enabled=False)))
        daemon = self.start()
        shown = self.show("The export is empty", daemon)
        self.assertTrue(shown.startswith("200\n"))
        self.assertIn('"events_processed":0', shown)
        self.assertEqual(daemon.json("/api/export/report")["warning_details"][0]["kind"], "cold_start")

    def test_too_many_service_names(self):
        daemon = self.start(trace_ttl_ms=60_000)
        for first in range(0, 1100, 100):
            resources = []
            for number in range(first, first + 100):
                one = json.loads(export(trace(number + 1, 1)))["resourceSpans"][0]
                one["resource"]["attributes"][0]["value"]["stringValue"] = f"orders-{number}"
                resources.append(one)
            self.assertEqual(daemon.request("POST", "/v1/traces", json.dumps({"resourceSpans": resources}).encode(), JSON)[0], 200)
        shown = self.show("Too many service names", daemon)
        self.assertEqual(shown.splitlines()[0], "1024")
        self.assertIn("perf_sentinel_service_io_ops_overflow_total 76", shown)

    def test_the_archive_has_gaps(self):
        daemon = self.start("[daemon.archive]\npath = 'archive.ndjson'\n",
                            popen={"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})
        written = "perf_sentinel_archive_windows_written_total"
        self.send(daemon, 1)
        self.assertTrue(eventually(lambda: daemon.metrics()[written] == 1))
        daemon.limit_file_size((daemon.path / "archive.ndjson").stat().st_size + 100)
        self.send(daemon, 2)
        dropped = 'perf_sentinel_archive_windows_dropped_total{reason="write_failed"}'
        self.assertTrue(eventually(lambda: daemon.metrics()[dropped] == 1))
        shown = self.show("The archive has gaps", daemon)
        for wanted in (f"{dropped} 1", f"{written} 1", '{"hash":"sha256:'):
            self.assertIn(wanted, shown)

    def test_a_part_of_the_daemon_is_unwell(self):
        daemon = self.start(f"[green.kepler]\nendpoint = 'http://127.0.0.1:{free_port()}/metrics'\nscrape_interval_secs = 1\n"
                            "[green.kepler.service_mappings]\norders = 'orders'\n")
        failed = 'perf_sentinel_receiver_errors_total{component_id="energy_scraper/kepler",kind="connect"}'
        self.assertTrue(eventually(lambda: daemon.metrics().get(failed, 0) >= 1))
        degraded = 'perf_sentinel_receiver_degraded_seconds_total{component_id="energy_scraper/kepler"}'
        self.assertTrue(eventually(lambda: daemon.metrics()[degraded] > 0))  # after three rounds
        shown = self.show("A part of the daemon is unwell", daemon)
        self.assertRegex(shown, re.escape(failed) + " [1-9]")
        self.assertRegex(shown, re.escape(degraded) + r" (0\.\d*[1-9]|[1-9])")
        self.assertRegex(shown, r'exporter_calls_total\{component_id="energy_scraper/kepler",kind="connect",result="failure"\} [1-9]')
        self.assertRegex(shown, r"kepler scraper +http://127\.0\.0\.1")
        self.assertEqual(daemon.get("/readyz")[0], 200)  # degraded is not unready

    def test_it_was_killed_and_what_was_acknowledged_is_still_there(self):
        daemon = self.start()
        self.send(daemon, 1)
        self.analysed(daemon, 1)
        signature = daemon.json("/api/findings")[0]["finding"]["signature"]
        self.assertEqual(daemon.request("POST", f"/api/findings/{signature.replace('/', '%2F')}/ack", b"{}", JSON)[0], 201)
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
        daemon.start()
        self.assertEqual(daemon.json("/api/findings"), [])
        self.assertEqual(daemon.metrics()["perf_sentinel_traces_analyzed_total"], 0)
        self.assertEqual([ack["signature"] for ack in daemon.json("/api/acks")], [signature])
        self.assertEqual([finding["signature"] for finding in daemon.findings()], [signature])

    def test_a_change_of_the_configuration_is_tried_before(self):
        daemon = self.start()
        new = daemon.path / "new.toml"
        lines = SECTIONS["Changing the configuration"]
        self.assertEqual(len(lines), 3)
        validate, watch, ask = (line.replace("perf-sentinel", BINARY, 1).replace("new.toml", str(new)) for line in lines)
        new.write_text("[daemon]\ntrace_ttl_ms = 5\n")
        refused = subprocess.run(validate, shell=True, capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(refused.returncode, 75)
        self.assertRegex(refused.stderr + refused.stdout, r"trace_ttl_ms")
        http, grpc = free_ports(2)
        new.write_text(f"[daemon]\ntrace_ttl_ms = 5000\njson_socket = '{daemon.path}/new.sock'\n[daemon.ack]\nenabled = false\n")
        taken = subprocess.run(validate, shell=True, capture_output=True, text=True, timeout=20, check=True)
        self.assertRegex(taken.stdout, r"trace_ttl_ms = 5000 +# \S*new\.toml:2")
        with open(daemon.path / "new.log", "wb") as log:
            other = subprocess.Popen("exec " + watch.replace("14318", str(http)).replace("14317", str(grpc)), shell=True, stdout=log, stderr=log)
        self.addCleanup(other.wait, 20)
        self.addCleanup(other.terminate)
        asked = ask.replace("14318", str(http))
        shown = lambda: subprocess.run(asked, shell=True, capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: E731
        self.assertTrue(eventually(lambda: '"trace_ttl_ms":5000' in shown()))
        self.assertEqual(daemon.json("/api/config")["trace_ttl_ms"], 100)  # the real one goes on

    def test_a_trace_older_than_the_window(self):
        daemon = self.start("[daemon.archive]\npath = 'archive.ndjson'\n")
        self.send(daemon, 1)
        self.assertTrue(eventually(lambda: daemon.metrics()["perf_sentinel_archive_windows_written_total"] == 1))
        self.assertEqual(daemon.json("/api/status")["active_traces"], 0)
        shown = self.show("A trace older than the window", daemon, TRACE_ID=f"{1:032x}")
        self.assertIn('"n_plus_one_sql"', shown)
        if shutil.which("jq") and shutil.which("zgrep"):
            self.assertIn('{"ts":"20', shown)


if __name__ == "__main__":
    unittest.main()
