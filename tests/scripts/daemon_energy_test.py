"""A daemon that reads measured energy and grid intensity from servers as they are: figures, tags, endpoints, and an end that does
not wait for a server which never answers."""

import http.server
import json
import pathlib
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from otlp_requests import JSON, export, trace  # noqa: E402
from running_daemon import DaemonCase, eventually  # noqa: E402


class Agents:
    """Alumet, Electricity Maps, and a server that accepts and never answers, on one port."""

    def __init__(self):
        outer = self
        self.hung = threading.Event()
        self.ended = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/hang":
                    outer.hung.set()
                    outer.ended.wait(30)
                    return
                if self.path == "/alumet":
                    body = b'rapl{cgroup="/cart"} 12.5\nrapl{cgroup="/pg"} 36\n'
                elif self.path == "/v4/carbon-intensity/latest?zone=FR" and self.headers["auth-token"] == "secret":
                    body = b'{"carbonIntensity":56,"isEstimated":true,"estimationMethod":"TIME_SLICER_AVERAGE"}'
                else:
                    return self.send_error(401)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


class Energy(DaemonCase):
    def setUp(self):
        self.agents = Agents()
        self.addCleanup(self.agents.close)

    def report_when(self, daemon, condition):
        """Sends traces until the exported report is as wanted."""
        until = time.monotonic() + 20
        number = 0
        while time.monotonic() < until:
            number += 1
            self.assertEqual(daemon.request("POST", "/v1/traces", export(trace(number, 3)), JSON)[0], 200)
            time.sleep(0.2)
            green = daemon.json("/api/export/report")["green_summary"]
            if condition(green):
                return green
        self.fail("not before the time was up: " + json.dumps(green) + daemon.log())

    def test_measured_energy_and_real_time_intensity_reach_the_report(self):
        daemon = self.start(trace_ttl_ms=100, config=f"""
[green]
default_region = "eu-west-3"
[green.alumet]
endpoint = "{self.agents.url('/alumet')}"
scrape_interval_secs = 1
metric_name = "rapl"
label_key = "cgroup"
[green.alumet.service_mappings]
orders = "/cart"
[green.alumet.database]
label_value = "/pg"
region = "eu-west-3"
[green.electricity_maps]
api_key = "secret"
endpoint = "{self.agents.url('/v4')}"
region_map = {{ eu-west-3 = "FR" }}
""")
        green = self.report_when(daemon, lambda g: g.get("per_service_measured_ratio", {}).get("orders") == 1.0
                                 and g["regions"][0]["intensity_source"] == "real_time" and "database_waste" in g)
        self.assertEqual(green["energy_model"], "electricity_maps_api")
        self.assertEqual(green["per_service_energy_model"], {"orders": "alumet_rapl"})
        region = green["regions"][0]
        self.assertEqual((region["grid_intensity_gco2_kwh"], region["intensity_estimated"], region["intensity_estimation_method"]),
                         (56.0, True, "TIME_SLICER_AVERAGE"))
        self.assertEqual(green["database_waste"]["model"], "alumet_rapl")
        self.assertAlmostEqual(green["database_waste"]["energy_kwh"] / 1e-5 % 1, 0, places=9)  # whole scrapes of 36 J
        rows = {r["backend"]: r for r in daemon.json("/api/energy")["backends"]}
        self.assertEqual(list(rows), ["alumet", "scaphandre", "kepler", "redfish", "cloud_energy", "electricity_maps"])
        self.assertGreaterEqual(rows["alumet"]["scrapes_ok"], 1)
        self.assertEqual(rows["alumet"]["scrapes_failed"], 0)
        self.assertLess(rows["alumet"]["last_scrape_age_seconds"], 5)
        self.assertEqual(rows["electricity_maps"], {"backend": "electricity_maps", "configured": True})
        metrics = daemon.metrics()
        self.assertGreaterEqual(metrics['perf_sentinel_alumet_scrape_total{status="success"}'], 1)
        self.assertGreaterEqual(metrics['perf_sentinel_receiver_emissions_total{component_id="energy_scraper/electricity_maps"}'], 1)
        self.assertGreater(metrics["perf_sentinel_energy_kwh"], 0)
        self.assertNotIn("secret", daemon.log())
        self.assertEqual(daemon.stop(), 0)

    def test_a_server_that_never_answers_delays_neither_the_start_nor_the_end(self):
        daemon = self.start(trace_ttl_ms=100, config=f"""
[green.scaphandre]
endpoint = "{self.agents.url('/hang')}"
scrape_interval_secs = 1
""")
        self.assertTrue(self.agents.hung.wait(10))
        self.assertEqual(daemon.get("/readyz")[0], 200)
        begin = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - begin, 2)

    def test_a_refused_token_is_told_once_and_never_shown(self):
        daemon = self.start(trace_ttl_ms=100, config=f"""
[green.kepler]
endpoint = "{self.agents.url('/kepler')}"
scrape_interval_secs = 1
auth_header = "Authorization: Bearer hidden-thing"
""")
        failed = 'perf_sentinel_kepler_scrape_failed_total{reason="http_error"}'
        self.assertTrue(eventually(lambda: daemon.metrics()[failed] >= 2, 15))
        told = [line for line in daemon.log().splitlines() if "HTTP status 401" in line]
        self.assertEqual(len(told), 1, told)
        self.assertIn("energy_scraper/kepler", told[0])
        self.assertNotIn("hidden-thing", daemon.log())
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
