"""The machine-readable forms of a report against their schemas: what the program writes for the demo, for nothing, for ten
thousand findings and one more than a host takes, and for text that tries to break out."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from schema_check import closed  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None
try:
    from lxml import etree
except ImportError:
    etree = None

BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
SCHEMAS = ROOT / "tests/data/schemas"
FORMATS = ("json", "ndjson", "sarif", "junit", "gitlab-codequality", "markdown")

# Ends of blocks, quotes, markup, control and invisible characters. (Bytes that are not UTF-8 never reach a report: the input is
# refused.)
HOSTILE = ["</script>", "<!--<script>", "]]>", "\"'`", "a|b|c", "| --- |", "``` x", "\u2028\u2029", "\u202e\u200b\ufeff", "\x01\x1b[31m\x7f",
           "\x85\U0001f600", "&amp;&#x0;", "@everyone #1 :x: $a$ ~b~ *c* _d_", "\n/approve\r\n", "\ufffe\uffff"]


def event(trace, target, **other):
    return {"timestamp": "2026-07-10T14:00:00.000Z", "trace_id": trace, "span_id": "s", "service": "shop", "type": "sql",
            "operation": "SELECT", "target": target, "duration_us": 800, "source": {"endpoint": "GET /orders", "method": "list"},
            **other}


def redundant(count):
    """`count` traces, each with one finding."""
    return [event(f"t{i}", "SELECT 1 FROM a WHERE b = 2") for i in range(count) for _ in range(2)]


def hostile():
    events = []
    for i, text in enumerate(HOSTILE):
        for k in range(12):
            events.append(event(f"t{i}{text}", f"SELECT \"{text}\" FROM t WHERE id = {k}", service=f"s{text}",
                                source={"endpoint": f"GET /{text}", "method": "m"}, code_filepath=f"src/{text}.py", code_lineno=i))
    return events


class Outputs:
    """Every format of one run."""

    def __init__(self, events, *flags):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "traces.json"
            source.write_bytes(events if isinstance(events, bytes) else json.dumps(events).encode())
            outputs = [f"--output={kind}={folder}/{kind}" for kind in FORMATS]
            run = subprocess.run([BINARY, "analyze", "--input", source, "--no-acknowledgments", *outputs, *flags],
                                 capture_output=True, cwd=folder, check=False)
            assert run.returncode == 0, run.stderr
            self.bytes = {kind: (pathlib.Path(folder) / kind).read_bytes() for kind in FORMATS}
            self.stderr = run.stderr.decode()

    def text(self, kind):
        return self.bytes[kind].decode("utf-8")  # strict: every form is UTF-8

    def json(self, kind):
        return json.loads(self.text(kind))

    def results(self):
        return self.json("sarif")["runs"][0]["results"]

    def xml(self):
        return etree.fromstring(self.bytes["junit"])


@unittest.skipIf(jsonschema is None or etree is None, "python3-jsonschema and python3-lxml are needed")
class ReportFormats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        def validator(name, kind):
            schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
            kind.check_schema(schema)
            return kind(schema)
        cls.sarif = validator("sarif-schema-2.1.0.json", jsonschema.Draft4Validator)
        cls.code_quality = validator("gitlab-codequality.schema.json", jsonschema.Draft202012Validator)
        report = json.loads((ROOT / "docs/schemas/report.schema.json").read_text(encoding="utf-8"))
        cls.report = jsonschema.Draft202012Validator(closed(report))
        cls.finding = jsonschema.Draft202012Validator({**closed(report["$defs"]["finding"]), "$defs": closed(report["$defs"])})
        cls.junit = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit.xsd")))

    def assert_valid(self, validator, document):
        self.assertEqual([f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(document)], [])

    def check(self, outputs, sample=None):
        """Holds every format to its schema and to the JSON report. `sample`: results of SARIF that are checked one by one."""
        report = outputs.json("json")
        findings = report["findings"]
        self.assert_valid(self.report, {**report, "findings": findings[:sample]})

        log = outputs.json("sarif")
        shown = log["runs"][0]["results"]
        if sample is not None:  # the rest differ only in their trace ids
            log["runs"][0]["results"] = shown[:sample]
        self.assert_valid(self.sarif, log)
        self.assertTrue(all(set(r) == set(shown[0]) for r in shown[sample or 0:]))

        issues = outputs.json("gitlab-codequality")
        self.assert_valid(self.code_quality, issues[:sample])
        self.assertEqual([i["check_name"] for i in issues], [f["type"] for f in findings])
        self.assertEqual(len({i["fingerprint"] for i in issues}), len(issues))

        suites = outputs.xml()
        self.assertTrue(self.junit.validate(suites), self.junit.error_log)
        cases = suites.findall("testsuite/testcase")
        self.assertEqual(int(suites.get("tests")), len(cases))
        self.assertEqual(int(suites.get("failures")), len(suites.findall("testsuite/testcase/failure")))
        self.assertEqual(int(suites.get("failures")) > 0, not report["quality_gate"]["passed"])

        lines = outputs.text("ndjson").split("\n")
        self.assertEqual(lines.pop(), "")
        self.assertEqual([json.loads(line) for line in lines], findings)
        for line in lines[:sample]:
            self.assert_valid(self.finding, json.loads(line))

        self.assertLessEqual(len(outputs.bytes["markdown"]), 65536)
        return findings, shown, cases

    def test_demo(self):
        events = json.loads((ROOT / "tests/data/demo_traces.json").read_text(encoding="utf-8"))
        findings, shown, cases = self.check(Outputs(events))
        self.assertEqual(len({f["type"] for f in findings}), 12)
        self.assertEqual([r["ruleId"] for r in shown], [f["type"] for f in findings])
        self.assertEqual(len(cases), len(findings))

    def test_nothing_found(self):
        findings, shown, cases = self.check(Outputs([event("t", "SELECT 1")]))
        self.assertEqual((findings, shown, len(cases)), ([], [], 1))

    def test_no_events(self):
        findings, shown, _ = self.check(Outputs([]))
        self.assertEqual((findings, shown), ([], []))

    def test_ten_thousand_findings(self):
        outputs = Outputs(redundant(10_000))
        findings, shown, cases = self.check(outputs, sample=200)
        self.assertEqual((len(findings), len(shown), len(cases)), (10_000, 5_000, 10_000))
        self.assertIn("5000 findings left out of", outputs.stderr)
        notes = outputs.json("sarif")["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        self.assertTrue(notes[0]["message"]["text"].startswith("5000 results"))

    def test_more_findings_than_a_host_takes(self):
        outputs = Outputs(redundant(25_001), "--sarif-max", "25000")
        findings, shown, cases = self.check(outputs, sample=200)
        self.assertEqual((len(findings), len(shown), len(cases)), (25_001, 25_000, 25_001))
        self.assertIn("1 finding left out of", outputs.stderr)

    def test_hostile_text(self):
        outputs = Outputs(hostile())
        findings, _, cases = self.check(outputs)
        self.assertGreaterEqual(len(findings), len(HOSTILE))
        self.assertEqual(len(cases), len(findings))
        self.assertFalse(re.search("[\u202e\u200b\ufeff]", outputs.text("sarif") + outputs.text("junit")
                                   + outputs.text("gitlab-codequality") + outputs.text("markdown")))
        markdown = outputs.text("markdown")
        self.assertFalse(re.search(r"<(?!/?(details|summary|code)>|!-- perf-sentinel report -->)", markdown))
        self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", markdown))
        self.assertNotIn("@everyone", markdown)
        for line in markdown.splitlines():
            self.assertRegex(line, r"^(|<!-- perf-sentinel report -->|## .*|\*\*\d.*|[|] .* [|]|- .*|<.*>|\d+ more .*|Details .*)$")
            if line.startswith("| critical") or line.startswith("| **critical"):
                self.assertEqual(line.count("|"), 9)

    def test_compat_shape_is_not_valid_but_complete(self):
        outputs = Outputs(redundant(5_001), "--sarif-compat")
        self.assertEqual(len(outputs.results()), 5_001)
        self.assertEqual(list(outputs.results()[0]),
                         ["ruleId", "level", "message", "logicalLocations", "properties", "rank", "fingerprints"])


if __name__ == "__main__":
    unittest.main()
