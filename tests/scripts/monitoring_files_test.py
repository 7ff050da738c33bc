"""Alert rules and dashboards of deploy/: well-formed, and every metric that they name is one the daemon has.

The daemon's metrics are read from the catalogues in src/daemon and from src/telemetry. With promtool (Debian:
prometheus) the expressions are parsed and the alerts tried out as well.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from monitoring_files import PROMETHEUS, PROMTOOL, boards, catalogue, expressions, named, rules, series_names, yaml  # noqa: E402


def without_variables(expression):
    return (expression.replace("$__rate_interval", "5m").replace("$__range", "6h")
            .replace("$job", "a").replace("$instance", "a").replace("$service", "a").replace("$component", "a"))


def promtool(*arguments):
    return subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


class Dashboards(unittest.TestCase):
    def test_are_the_documented_ones(self):
        self.assertEqual([(n, b["uid"], b["title"]) for n, b in boards()], [
            ("perf-sentinel-components.json", "perf-sentinel-components", "perf-sentinel components"),
            ("perf-sentinel-findings.json", "perf-sentinel-findings", "perf-sentinel findings"),
            ("perf-sentinel-overview.json", "perf-sentinel-overview", "perf-sentinel overview")])

    def test_panels_have_ids_of_their_own_and_do_not_overlap(self):
        for name, board in boards():
            ids = [p["id"] for p in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            cells = set()
            for panel in board["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
                covered = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
                self.assertFalse(cells & covered, f"{name}: {panel['title']}")
                cells |= covered

    def test_every_source_is_an_input_and_a_variable(self):
        for name, board in boards():
            inputs = {i["name"] for i in board["__inputs"]}
            used = set(re.findall(r'"uid": "\$\{(\w+)\}"', json.dumps(board)))
            self.assertEqual(used, inputs, name)
            self.assertLessEqual(inputs, {v["name"] for v in board["templating"]["list"]}, name)

    def test_every_variable_used_is_declared(self):
        for name, board in boards():
            declared = {v["name"] for v in board["templating"]["list"]}
            text = json.dumps([t.get("expr", t.get("url")) for p in board["panels"] for t in p["targets"]])
            used = set(re.findall(r"\$\{?(\w+)", text)) - {"__rate_interval", "__range"}
            self.assertEqual(used - declared, set(), name)

    def test_every_metric_exists(self):
        known = set(series_names(catalogue()))
        for where, expression in expressions():
            self.assertTrue(named(expression) or expression.startswith("up{"), where)
            self.assertEqual([n for n in named(expression) if n not in known], [], where)
        for name, board in boards():
            for variable in board["templating"]["list"]:
                self.assertEqual([n for n in named(variable.get("definition", "")) if n not in known], [], name)

    def test_every_query_follows_the_variables(self):
        for where, expression in expressions():
            wanted = 'instance=~"$instance"' if where.startswith("perf-sentinel-components") else 'job=~"$job"'
            # One selector a metric, and each is narrowed.
            self.assertEqual(len(re.findall(r"(?:perf_sentinel_\w+|\bup)\{", expression)), expression.count(wanted), where)

    def test_findings_come_from_the_interface(self):
        board = dict(boards())["perf-sentinel-findings.json"]
        self.assertEqual([p["targets"][0]["url"] for p in board["panels"]], ["/api/findings?limit=${limit}", "/api/acks"])
        limit = next(v for v in board["templating"]["list"] if v["name"] == "limit")
        self.assertEqual((limit["query"], limit["current"]["value"], board["refresh"]), ("50,100,200,500,1000", "200", "1m"))

    @unittest.skipIf(PROMTOOL is None or yaml is None, "promtool is not installed (Debian: prometheus)")
    def test_every_query_is_promql(self):
        group = {"name": "queries", "rules": [{"record": f"q:{i}", "expr": without_variables(e)} for i, (_, e) in enumerate(expressions())]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            yaml.safe_dump({"groups": [group]}, file)
            file.flush()
            done = promtool("check", "rules", file.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


@unittest.skipIf(yaml is None, "python3-yaml is not installed")
class Rules(unittest.TestCase):
    def test_alerts_are_the_documented_ones(self):
        daemon = {"Down", "IngestRejecting", "MemoryPressureRejecting", "AnalysisShedding", "AnalysisQueueSaturated",
                  "CorrelatorEvicting", "ServiceCardinalityOverflow", "ReceivingWithoutAnalysis", "ArchiveDropping",
                  "NewCriticalFindings", "EnergyScraperStale"}
        components = {"ExporterFailing", "ComponentDegraded", "ReceiverInactive", "SelfTelemetryInitErrors", "QueueNearlyFull",
                      "ComponentRestarting", "BuildUnknown"}
        self.assertEqual({r["alert"] for r in rules()}, {"PerfSentinel" + n for n in daemon | components})

    def test_every_metric_exists(self):
        known = set(series_names(catalogue()))
        for rule in rules():
            self.assertTrue(named(rule["expr"]), rule["alert"])
            self.assertEqual([n for n in named(rule["expr"]) if n not in known], [], rule["alert"])
            texts = " ".join(rule["annotations"].values())
            self.assertEqual([n for n in named(texts) if n not in known], [], rule["alert"])

    def test_every_description_names_its_metric(self):
        for rule in rules():
            self.assertIn(rule["labels"]["severity"], ("critical", "warning", "info"))
            self.assertTrue(any(n in rule["annotations"]["description"] for n in named(rule["expr"])), rule["alert"])

    def test_every_alert_has_its_place_in_the_runbook(self):
        runbook = ROOT / "docs/runbook.md"
        text = runbook.read_text(encoding="utf-8")
        self.assertEqual([r["alert"] for r in rules() if f"`{r['alert']}`" not in text], [])

    def test_energy_alerts_share_the_figure_that_the_chart_replaces(self):
        stale = [r for r in rules() if r["alert"] == "PerfSentinelEnergyScraperStale"]
        self.assertEqual(sorted(r["labels"]["backend"] for r in stale), ["alumet", "cloud_energy", "kepler", "redfish", "scaphandre"])
        for rule in stale:
            self.assertEqual(rule["expr"].count("> 120"), 1)
            self.assertIn(f'backend="{rule["labels"]["backend"]}"', rule["expr"])

    @unittest.skipIf(PROMTOOL is None, "promtool is not installed (Debian: prometheus)")
    def test_promtool_accepts_configuration_and_rules(self):
        done = promtool("check", "config", PROMETHEUS / "prometheus.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = promtool("check", "rules", *sorted(PROMETHEUS.glob("*.rules.yaml")))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipIf(PROMTOOL is None, "promtool is not installed (Debian: prometheus)")
    def test_alerts_fire_past_their_bounds_and_not_at_them(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (*PROMETHEUS.glob("*.rules.yaml"), ROOT / "tests/data/deploy/alerts_test.yaml"):
                shutil.copy(path, folder)
            done = promtool("test", "rules", pathlib.Path(folder) / "alerts_test.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Pages(unittest.TestCase):
    """docs/runbook.md and docs/deployment.md name metrics, alerts and symptoms that exist."""

    PAGES = (ROOT / "docs/runbook.md", ROOT / "docs/deployment.md")

    def test_every_metric_exists(self):
        known = set(series_names(catalogue()))
        for page in self.PAGES:
            # A name that ends in _ is a prefix, as in a pattern for grep.
            missing = [n for n in named(page.read_text(encoding="utf-8"))
                       if n not in known and not (n.endswith("_") and any(k.startswith(n) for k in known))]
            self.assertEqual(missing, [], page.name)

    def test_every_pattern_for_grep_finds_something(self):
        lines = "\n".join(f'{n}{{severity="critical",trace_id=' for n in series_names(catalogue()))
        patterns = [quoted or bare for page in self.PAGES for quoted, bare in
                    re.findall(r"/metrics \| grep (?:-\S+ )*(?:'([^'\n]+)'|(\S+))", page.read_text(encoding="utf-8"))]
        self.assertGreater(len(patterns), 10)
        self.assertEqual([p for p in patterns if not re.search(p.replace("{", r"\{"), lines, re.M)], [])

    def test_every_symptom_referred_to_is_there(self):
        text = self.PAGES[0].read_text(encoding="utf-8")
        anchors = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^## (.*)", text, flags=re.M)}
        links = set(re.findall(r"\]\(#([^)]+)\)", text))
        self.assertEqual(links - anchors, set())


if __name__ == "__main__":
    unittest.main()
