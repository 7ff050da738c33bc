"""The published schema of disclosures against the example documents and against the table that documents are read by."""

import copy
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from schema_check import violations  # noqa: E402

try:
    import jsonschema  # noqa: F401
except ImportError:
    jsonschema = None


def load(path):
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def properties(schema):
    """Names of all members that a schema lists, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(properties, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    names = set(schema.get("properties", {}))
    return names.union(*(properties(part) for part in schema.values()))


class Members(unittest.TestCase):
    def test_are_those_of_the_table(self):
        table = (ROOT / "src/disclosure/document_shape.cpp").read_text(encoding="utf-8")
        rows = set(re.findall(r'(?:required|option|nullable|unless_empty|fallback)\("(\w+)"', table))
        free = {"breaks", "breaks_outside_period", "windows_unchained", "windows_verified"}  # any JSON may stand there
        self.assertEqual(rows | free, properties(load("docs/schemas/disclosure.schema.json")))


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class DisclosureSchema(unittest.TestCase):
    def setUp(self):
        self.schema = load("docs/schemas/disclosure.schema.json")
        self.internal = load("examples/disclosure/internal.json")
        self.public = load("examples/disclosure/official-public.json")

    def test_accepts_the_examples(self):
        self.assertEqual(violations(self.schema, self.internal), [])
        self.assertEqual(violations(self.schema, self.public), [])

    def test_refuses_what_breaks_it(self):
        def broken(document, change):
            document = copy.deepcopy(document)
            change(document)
            return violations(self.schema, document)
        self.assertEqual(broken(self.internal, lambda d: d["integrity"].update(content_hash="")), [])
        for change in (
                lambda d: d.pop("notes"),
                lambda d: d.update(schema_version="perf-sentinel-report/v2.0"),
                lambda d: d["organisation"].update(country="fr"),
                lambda d: d["integrity"].update(content_hash="sha256:0"),
                lambda d: d["aggregate"].update(aggregate_waste_ratio=1.5),
                lambda d: d["applications"][0].update(anti_patterns_detected_count=1),
                lambda d: d["methodology"]["enabled_patterns"].append("n_plus_two"),
                lambda d: d["aggregate"].update(database_waste={"energy_kwh": 1})):
            self.assertTrue(broken(self.internal, change))
        self.assertTrue(broken(self.public, lambda d: d["applications"][0].update(anti_patterns=[])))


if __name__ == "__main__":
    unittest.main()
