"""Every answer of the daemon's API against the OpenAPI document that it serves, and the document against the program."""

import json
import pathlib
import re
import socket
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from otlp_requests import JSON, attribute, export, trace  # noqa: E402
from running_daemon import Daemon  # noqa: E402
from schema_check import violations  # noqa: E402

try:
    import jsonschema  # noqa: F401
except ImportError:
    jsonschema = None

DOCUMENT = json.loads((ROOT / "docs/schemas/openapi.json").read_text(encoding="utf-8"))


def schema_of(path, method="get", status="200"):
    schema = DOCUMENT["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return {**json.loads(json.dumps(schema)), "components": DOCUMENT["components"]}


class Paths(unittest.TestCase):
    def test_are_those_of_the_routes(self):
        source = (ROOT / "src/daemon/http_front.cpp").read_text(encoding="utf-8")
        routes = {before + ("{}" + after if parameter == "true" else "") for before, after, parameter in
                  re.findall(r'\{"(/[^"]*)", "([^"]*)", (true|false), Purpose', source)}
        self.assertEqual({re.sub(r"\{\w+\}", "{}", path) for path in DOCUMENT["paths"]}, routes)

    def test_document_refers_to_nothing_that_is_missing(self):
        names = set(re.findall(r'#/components/schemas/(\w+)', json.dumps(DOCUMENT)))
        self.assertEqual(names - set(DOCUMENT["components"]["schemas"]), set())


    def test_shares_its_parts_with_the_schema_of_reports(self):
        text = (ROOT / "docs/schemas/report.schema.json").read_text(encoding="utf-8")
        report = json.loads(text.replace("#/$defs/", "#/components/schemas/"))
        for name, schema in report["$defs"].items():
            self.assertEqual(DOCUMENT["components"]["schemas"][name], schema, name)
        ours = DOCUMENT["components"]["schemas"]["Report"]["properties"]
        self.assertEqual({name: ours[name] for name in report["properties"]}, report["properties"])


@unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon("[daemon.correlation]\nenabled = true\nmin_co_occurrences = 1\nmin_confidence = 0.1\n"
                            "[daemon.cors]\nallowed_origins = ['*']\n", trace_ttl_ms=100)
        cls.daemon.start()
        slow = {"traceId": f"{9:032x}", "spanId": "00000000000000aa", "name": "q", "kind": 3,
                "startTimeUnixNano": "1752157921000000000", "endTimeUnixNano": "1752157922000000000",
                "attributes": [attribute("db.system", "postgresql"), attribute("db.statement", "SELECT pg_sleep(1)"),
                               attribute("code.function", "wait"), attribute("code.namespace", "app.Slow")]}
        payments = json.loads(export([{**slow, "spanId": f"{i:016x}"} for i in range(1, 5)]))
        payments["resourceSpans"][0]["resource"]["attributes"] = [attribute("service.name", "payments"),
                                                                  attribute("k8s.namespace.name", "shop")]
        for body in (export(trace(1, 12)), export(trace(2, 7)), json.dumps(payments).encode()):
            assert cls.daemon.request("POST", "/v1/traces", body, JSON)[0] == 200
        while cls.daemon.metrics()["perf_sentinel_traces_analyzed_total"] < 3:
            pass
        assert cls.daemon.request("POST", "/v1/traces", export(trace(3, 6)), JSON)[0] == 200  # in the window for a moment
        cls.live = cls.daemon.json(f"/api/explain/{3:032x}")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def holds(self, path, answer, method="get", status="200"):
        self.assertEqual(violations(schema_of(path, method, status), answer), [])

    def test_of_every_path_are_as_described(self):
        for path in ("/health", "/api/status", "/api/config", "/api/energy", "/api/findings", "/api/correlations",
                     "/api/export/report", "/api/acks", "/api/openapi.json"):
            with self.subTest(path):
                self.holds(path, self.daemon.json(path))
        self.assertEqual(self.daemon.json("/api/openapi.json"), DOCUMENT)

    def test_of_findings_have_what_they_are_asked_for(self):
        rows = self.daemon.json("/api/findings?limit=10")
        self.assertGreater(len(rows), 1)
        self.holds("/api/findings", rows)
        of_trace = self.daemon.json(f"/api/findings/{1:032x}")
        self.assertGreater(len(of_trace), 0)
        self.holds("/api/findings/{trace_id}", of_trace)

    def test_of_explain_are_trees_or_say_why_not(self):
        self.assertIn("roots", self.live)
        self.holds("/api/explain/{trace_id}", self.live)
        self.holds("/api/explain/{trace_id}", self.daemon.json("/api/explain/none"))

    def test_of_acknowledgments_follow_the_document(self):
        signature = self.daemon.json("/api/findings?limit=1")[0]["finding"]["signature"]
        path = f"/api/findings/{signature.replace('/', '%2F')}/ack"
        template = "/api/findings/{signature}/ack"
        body = json.dumps({"by": "mira", "reason": "known", "expires_at": "2099-01-01T00:00:00Z"}).encode()
        self.assertEqual(self.daemon.request("POST", path, body, JSON), (201, b""))
        status, answer = self.daemon.request("POST", path, body, JSON)
        self.assertEqual(status, 409)
        self.holds(template, json.loads(answer), "post", "409")
        acks = self.daemon.json("/api/acks")
        self.assertEqual(len(acks), 1)
        self.holds("/api/acks", acks)
        covered = [row for row in self.daemon.json("/api/findings?include_acked=true") if "acknowledged_by" in row]
        self.assertEqual(len(covered), 1)
        self.holds("/api/findings", covered)
        self.assertEqual(self.daemon.request("DELETE", path)[0], 204)
        status, answer = self.daemon.request("DELETE", path)
        self.assertEqual(status, 404)
        self.holds(template, json.loads(answer), "delete", "404")

    def test_to_acknowledgments_look_at_path_and_type_before_the_size(self):
        signature = "slow_sql:x:" + "0" * 32
        for path, kind, status in ((signature, "application/json", 413), (signature, "text/plain", 415),
                                   ("%ff", "text/plain", 400)):
            with self.subTest(path=path, kind=kind), socket.create_connection(("127.0.0.1", self.daemon.http), 20) as c:
                c.sendall(f"POST /api/findings/{path}/ack HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
                          f"Content-Length: 2097153\r\n\r\n".encode())
                self.assertEqual(c.makefile("rb").readline().split()[1], str(status).encode())


class Origins(unittest.TestCase):
    def test_an_origin_listed_twice_is_named_once(self):
        origins = ["https://a.example", "https://b.example", "https://a.example"]
        with Daemon(f"[daemon.cors]\nallowed_origins = {json.dumps(origins)}\n") as daemon:
            for origin, named in (("https://a.example", 1), ("https://b.example", 1), ("https://c.example", 0)):
                with self.subTest(origin), socket.create_connection(("127.0.0.1", daemon.http), 20) as c:
                    c.sendall(f"GET /api/status HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n".encode())
                    head = c.makefile("rb").read().decode().partition("\r\n\r\n")[0].lower().splitlines()
                    self.assertEqual(head.count(f"access-control-allow-origin: {origin}"), named)
                    self.assertEqual(len([line for line in head if line.startswith("access-control-allow-origin")]), named)


if __name__ == "__main__":
    unittest.main()
