"""The published schemas against the outputs that the report tests compare whole, and against what the program says of the demo."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from schema_check import closed, violations  # noqa: E402

try:
    import jsonschema  # noqa: F401
except ImportError:
    jsonschema = None


BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
DEMO = ROOT / "tests/data/demo_traces.json"


def load(path):
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def answer(*words):
    """What the program writes as JSON."""
    run = subprocess.run([BINARY, *words, "--format", "json"], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class ReportSchema(unittest.TestCase):
    def setUp(self):
        self.schema = load("docs/schemas/report.schema.json")
        self.full = load("tests/data/report/full.json")

    def test_accepts_the_fullest_and_the_emptiest_report(self):
        self.assertEqual(violations(self.schema, self.full), [])
        self.assertEqual(violations(self.schema, load("tests/data/report/empty.json")), [])

    def test_every_key_it_lists_is_written_by_the_fullest_report(self):
        def missing(schema, documents, path):
            schema = schema.get("$ref") and self.schema["$defs"][schema["$ref"].split("/")[-1]] or schema
            if "items" in schema:
                items = [x for d in documents for x in d]
                return missing(schema["items"], items, path + "[]") if items else [path + "[]"]
            out = []
            for key, part in schema.get("properties", {}).items():
                inner = [d[key] for d in documents if key in d]
                out += missing(part, inner, f"{path}.{key}") if inner else [f"{path}.{key}"]
            return out
        self.assertEqual(missing(self.schema, [self.full], "$"), [])

    def test_refuses_what_breaks_it(self):
        def broken(change):
            document = copy.deepcopy(self.full)
            change(document)
            return violations(self.schema, document)
        self.assertTrue(broken(lambda d: d.pop("findings")))
        self.assertTrue(broken(lambda d: d["findings"][0].update(type="n_plus_two")))
        self.assertTrue(broken(lambda d: d["findings"][0]["pattern"].update(occurrences=-1)))
        self.assertTrue(broken(lambda d: d.update(surprise=1)))

    def test_unknown_keys_are_open_to_readers(self):
        self.assertNotIn("additionalProperties", self.schema)
        self.assertIs(closed(self.schema)["additionalProperties"], False)


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class ExplainSchema(unittest.TestCase):
    def test_accepts_a_tree_with_every_part(self):
        self.assertEqual(violations(load("docs/schemas/explain.schema.json"), load("tests/data/report/explain.json")), [])

    def test_accepts_every_trace_of_the_demo(self):
        schema = load("docs/schemas/explain.schema.json")
        traces = {event["trace_id"] for event in load("tests/data/demo_traces.json")}
        self.assertEqual(len(traces), 14)
        for trace in sorted(traces):
            self.assertEqual(violations(schema, answer("explain", "--input", DEMO, "--trace-id", trace)), [], trace)


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class DiffSchema(unittest.TestCase):
    def test_accepts_a_comparison_with_every_part(self):
        self.assertEqual(violations(load("docs/schemas/diff.schema.json"), load("tests/data/report/diff.json")), [])

    def test_accepts_the_demo_against_nothing_and_back(self):
        schema = load("docs/schemas/diff.schema.json")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as nothing:
            nothing.write("[]")
            nothing.flush()
            for before, after, member in ((nothing.name, DEMO, "new_findings"), (DEMO, nothing.name, "resolved_findings")):
                comparison = answer("diff", "--before", before, "--after", after, "--no-acknowledgments")
                self.assertGreater(len(comparison[member]), 0)
                self.assertEqual(violations(schema, comparison), [])

    def test_findings_are_those_of_the_report(self):
        report, diff = load("docs/schemas/report.schema.json"), load("docs/schemas/diff.schema.json")
        for name, part in diff["$defs"].items():
            self.assertEqual(part, report["$defs"][name], name)


if __name__ == "__main__":
    unittest.main()
