"""What deploy/ holds beside the chart and the monitoring: container file, systemd unit, collector and compose files.

Nothing is started that needs a container engine. What can be tried here is: the folder that becomes the image (in a chroot, where
this test may make one), the unit (by systemd-analyze), the daemon's configurations and command lines (by the program), the
Collector's configurations (by a Collector, where there is one).
"""

import configparser
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COLLECTOR = DEPLOY / "collector"
UNIT = DEPLOY / "systemd/perf-sentinel.service"
BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
HAVE_BINARY = pathlib.Path(BINARY).exists()

try:
    import yaml
except ImportError:
    yaml = None


def run(*arguments, **options):
    return subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=60, check=False, **options)


def load(path):
    return yaml.safe_load((COLLECTOR / path).read_text(encoding="utf-8"))


class Image(unittest.TestCase):
    def setUp(self):
        text = (DEPLOY / "container/Containerfile").read_text(encoding="utf-8")
        lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.M)).splitlines()
        stages, self.final = [], []
        for line in filter(None, map(str.strip, lines)):
            if line.startswith("FROM "):
                stages.append(line)
                self.final = []
            self.final.append(line)
        self.stages = stages

    def test_ends_from_nothing_as_nobody(self):
        self.assertRegex(self.stages[0], r"^FROM debian:12\S* AS build$")
        self.assertEqual(self.stages[-1], "FROM scratch")
        self.assertIn("USER 65534:65534", self.final)
        self.assertIn("EXPOSE 4317 4318", self.final)
        self.assertIn('ENTRYPOINT ["/usr/bin/perf-sentinel"]', self.final)
        self.assertIn('CMD ["watch"]', self.final)
        self.assertFalse([line for line in self.final if line.startswith("RUN")])

    def test_health_is_asked_by_the_program_itself(self):
        check = next(line for line in self.final if line.startswith("HEALTHCHECK"))
        self.assertTrue(check.endswith('CMD ["/usr/bin/perf-sentinel", "healthcheck"]'))

    @unittest.skipUnless(HAVE_BINARY, f"{BINARY} is not built")
    def test_folder_collected_for_it_runs_the_program(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run(DEPLOY / "container/collect.sh", BINARY, folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            root = pathlib.Path(folder)
            self.assertEqual((root / "tmp").stat().st_mode & 0o7777, 0o1777)
            self.assertFalse([p for p in root.rglob("*") if p.name in ("sh", "bash", "busybox")])
            libraries = {p.name for p in root.rglob("*.so*")}
            for line in run("ldd", BINARY).stdout.splitlines():
                name = line.split()[0].rpartition("/")[2]
                self.assertTrue(name in libraries or name.startswith("linux-vdso"), name)
            if os.geteuid() != 0 or "asan" in BINARY or "tsan" in BINARY:
                self.skipTest("only root may change the root folder")
            os.chmod(folder, 0o755)
            done = run("chroot", "--userspec=65534:65534", folder, "/usr/bin/perf-sentinel", "--version")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout, run(BINARY, "--version").stdout)


class Unit(unittest.TestCase):
    def setUp(self):
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str
        parser.read(UNIT, encoding="utf-8")
        self.service = parser["Service"]

    def test_paths_and_settings_belong_together(self):
        config = (DEPLOY / "systemd/perf-sentinel.toml").read_text(encoding="utf-8")
        self.assertIn("watch --config /etc/perf-sentinel/perf-sentinel.toml", self.service["ExecStart"])
        self.assertIn(f'json_socket = "/run/{self.service["RuntimeDirectory"]}/', config)
        self.assertIn(f'storage_path = "/var/lib/{self.service["StateDirectory"]}/', config)
        # [daemon] shutdown_timeout_ms is 25 s.
        self.assertGreater(int(self.service["TimeoutStopSec"]), 25)
        self.assertEqual(self.service["RestartPreventExitStatus"], "2 75")

    @unittest.skipIf(shutil.which("systemd-analyze") is None, "systemd-analyze is not installed")
    def test_systemd_knows_every_setting(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / "perf-sentinel.service"
            # The program and its manual need not be installed here.
            text = UNIT.read_text(encoding="utf-8").replace("/usr/bin/perf-sentinel", "/bin/true")
            unit.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.M), encoding="utf-8")
            done = run("systemd-analyze", "verify", unit)
            if "Failed to" in done.stderr and "unit" not in done.stderr:
                self.skipTest(done.stderr.strip())
            self.assertEqual((done.returncode, [l for l in done.stderr.splitlines() if "perf-sentinel" in l]), (0, []))


@unittest.skipUnless(HAVE_BINARY, f"{BINARY} is not built")
class Configurations(unittest.TestCase):
    def test_are_valid(self):
        paths = sorted(DEPLOY.rglob("*.toml"))
        self.assertEqual(len(paths), 3)
        for path in paths:
            with self.subTest(path=path):
                done = run(BINARY, "validate", "--config", path)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("unknown", done.stderr)

    @unittest.skipIf(yaml is None, "python3-yaml is not installed")
    def test_command_lines_are_understood(self):
        lines = [s["command"] for p in COLLECTOR.glob("*/compose.yaml")
                 for n, s in yaml.safe_load(p.read_text(encoding="utf-8"))["services"].items() if n.startswith("perf-sentinel")]
        self.assertEqual(len(lines), 5)
        for line in lines:
            known = run(BINARY, line[0], "--help")
            self.assertEqual(known.returncode, 0, line)
            for flag in (a for a in line if a.startswith("--")):
                self.assertIn(flag, known.stdout)


class Pages(unittest.TestCase):
    """Pages for operators: their commands and keys exist."""

    TEXTS = {p: (ROOT / "docs" / p).read_text(encoding="utf-8") for p in ("runbook.md", "deployment.md", "threat-model.md")}
    # Words that look like keys and are fields of answers or of other programs' configurations.
    OTHERS = {"warning_details", "green_summary", "cold_start", "component_id", "grafana_dashboard", "stored_at_ms"}
    # Where names of metrics and values of their labels stand.
    SOURCES = ("src/daemon/daemon_metrics.cpp", "src/daemon/listener_metrics.cpp", "src/energy/backend.h")

    @unittest.skipUnless(HAVE_BINARY, f"{BINARY} is not built")
    def test_every_command_is_understood(self):
        found = 0
        for page, text in self.TEXTS.items():
            for line in re.findall(r"(?:^|`|&& )perf-sentinel ([a-z][^`\n|]*)", text, flags=re.M):
                words = line.split()
                path = [words[0]]
                if words[0] in ("query", "ack"):
                    path.append(words[1])
                if words[0] in ("components", "findings", "overview"):  # names of dashboards
                    continue
                found += 1
                known = run(BINARY, *path, "--help")
                self.assertEqual(known.returncode, 0, f"{page}: perf-sentinel {line}")
                for flag in (w for w in words if w.startswith("--")):
                    self.assertIn(flag, known.stdout, f"{page}: perf-sentinel {line}")
        self.assertGreater(found, 15)

    def test_every_key_exists(self):
        keys = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
        values = "".join((ROOT / f).read_text(encoding="utf-8") for f in self.SOURCES)
        known = set(re.findall(r"`(\w+)`", keys)) | set(re.findall(r'"(\w+)"', values)) | self.OTHERS
        known |= {name.removeprefix("perf_sentinel_") for name in known}  # a table may leave the prefix out
        for page, text in self.TEXTS.items():
            words = set(re.findall(r"`(?:\[[\w.]+\] )?([a-z]+(?:_[a-z0-9]+)+)(?: = \w+)?`", text)) - known
            self.assertEqual({w for w in words if not w.startswith(("perf_sentinel_", "process_", "test_"))}, set(), page)
            for section in re.findall(r"`\[([\w.]+)\]", text):
                self.assertIn(f"### `[{section}]`", keys, page)


@unittest.skipIf(yaml is None, "python3-yaml is not installed")
class Collectors(unittest.TestCase):
    COLLECTOR = os.environ.get("OTELCOL") or shutil.which("otelcol-contrib")

    @unittest.skipIf(COLLECTOR is None, "no OpenTelemetry Collector (contrib) on the path, and OTELCOL names none")
    def test_a_collector_accepts_them(self):
        for topology in ("central", "sharded"):
            done = subprocess.run([self.COLLECTOR, "validate", "--config", str(COLLECTOR / topology / "collector.yaml")],
                                  capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_pipelines_name_what_is_defined_and_all_of_it(self):
        for topology in ("central", "sharded"):
            config = load(f"{topology}/collector.yaml")
            pipelines = config["service"]["pipelines"].values()
            for part in ("receivers", "processors", "exporters"):
                self.assertEqual({n for p in pipelines for n in p[part]}, set(config[part]), f"{topology}: {part}")
            self.assertEqual(set(config["service"]["extensions"]), set(config["extensions"]))

    def test_nothing_is_sampled_on_the_way_to_the_daemon(self):
        for topology in ("central", "sharded"):
            for pipeline in load(f"{topology}/collector.yaml")["service"]["pipelines"].values():
                self.assertFalse([p for p in pipeline["processors"] if "sampl" in p])
                self.assertEqual(pipeline["processors"][-1], "batch")

    def test_batches_are_the_documented_ones(self):
        for topology in ("central", "sharded"):
            self.assertEqual(load(f"{topology}/collector.yaml")["processors"]["batch"], {"timeout": "5s", "send_batch_size": 256})

    def test_shards_are_chosen_by_trace_id_and_are_those_of_the_compose_file(self):
        exporter = load("sharded/collector.yaml")["exporters"]["loadbalancing"]
        self.assertEqual(exporter["routing_key"], "traceID")
        daemons = [n for n in load("sharded/compose.yaml")["services"] if n.startswith("perf-sentinel")]
        self.assertEqual(exporter["resolver"]["static"]["hostnames"], [f"{n}:4317" for n in daemons])
        self.assertEqual(len(daemons), 2)

    def test_exporter_leads_to_the_daemon_in_the_clear(self):
        exporter = load("central/collector.yaml")["exporters"]["otlp/perf-sentinel"]
        self.assertEqual((exporter["endpoint"], exporter["tls"]), ("perf-sentinel:4317", {"insecure": True}))


@unittest.skipIf(yaml is None, "python3-yaml is not installed")
class Compose(unittest.TestCase):
    def services(self):
        for path in sorted(COLLECTOR.glob("*/compose.yaml")):
            for name, service in yaml.safe_load(path.read_text(encoding="utf-8"))["services"].items():
                yield path.parent, name, service

    def test_there_is_one_for_each_topology(self):
        self.assertEqual(sorted({p.name for p, _, _ in self.services()}), ["central", "direct", "sharded", "sidecar"])

    def test_daemons_are_locked_down_and_say_how_they_are(self):
        for folder, name, service in self.services():
            if name == "app":
                continue
            with self.subTest(folder=folder.name, service=name):
                self.assertTrue(service["read_only"])
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                if name != "collector":
                    self.assertEqual(service["healthcheck"]["test"], ["CMD", "/usr/bin/perf-sentinel", "healthcheck"])
                    self.assertEqual(service["tmpfs"], ["/tmp"])

    def test_ports_are_open_to_this_machine_only(self):
        ports = {n: s.get("ports", []) for f, n, s in self.services() if f.name == "central"}
        self.assertEqual(ports["perf-sentinel"], ["127.0.0.1:14317:4317", "127.0.0.1:14318:4318"])
        for folder, name, service in self.services():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), f"{folder.name}: {name}")

    def test_files_mounted_or_built_exist(self):
        for folder, _, service in self.services():
            for volume in service.get("volumes", []):
                self.assertTrue((folder / volume.split(":")[0]).is_file(), volume)
            if "build" in service:
                context = (folder / service["build"]["context"]).resolve()
                self.assertEqual(context, ROOT)
                self.assertTrue((context / service["build"]["dockerfile"]).is_file())

    def test_sidecar_shares_the_daemons_network_and_publishes_nothing(self):
        services = {n: s for f, n, s in self.services() if f.name == "sidecar"}
        self.assertEqual(services["app"]["network_mode"], "service:perf-sentinel")
        self.assertEqual(services["app"]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"], "http://localhost:4318")
        self.assertEqual(services["app"]["environment"]["OTEL_EXPORTER_OTLP_PROTOCOL"], "http/protobuf")
        self.assertNotIn("ports", services["perf-sentinel"])
        self.assertEqual(services["perf-sentinel"]["command"], ["watch"])


if __name__ == "__main__":
    unittest.main()
