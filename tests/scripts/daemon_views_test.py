"""`query inspect` and `query monitor` in a real pseudo-terminal, beside a real daemon that has found the demo's problems."""

import json
import pathlib
import socket
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from running_daemon import DaemonCase, eventually  # noqa: E402
from terminal import PROGRAM, Terminal, pyte  # noqa: E402

CORRELATION = "[daemon.correlation]\nenabled = true\nmin_co_occurrences = 1\nmin_confidence = 0.1\n[green]\ndefault_region = 'eu-west-3'\n"


def feed(daemon):
    """The demo traces through the socket, until all of them are analysed."""
    line = json.dumps(json.loads((ROOT / "tests/data/demo_traces.json").read_text(encoding="utf-8")))
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(daemon.path / "d.sock"))
        s.sendall(line.encode() + b"\n")

    def analysed():
        status = daemon.json("/api/status")
        return status["stored_findings"] and not status["active_traces"]
    assert eventually(analysed, 20), f"the traces were not analysed: {daemon.json('/api/status')}"


@unittest.skipIf(pyte is None, "python3-pyte is not installed")
class DaemonViews(DaemonCase):
    def start(self, config=CORRELATION, fed=True, **keys):
        daemon = super().start(config, trace_ttl_ms=200, **keys)
        if fed:
            feed(daemon)
        return daemon

    def open(self, daemon, *arguments, **options):
        url = daemon if isinstance(daemon, str) else f"http://127.0.0.1:{daemon.http}"
        terminal = Terminal(("query", "--daemon", url, *arguments), **options)
        self.addCleanup(terminal.close)
        return terminal

    def test_a_finding_is_acknowledged_and_revoked(self):
        daemon = self.start()
        view = self.open(daemon, "inspect", columns=120, rows=40, environment={"USER": "mira"})
        view.wait_for("┌ Traces (findings) ─", "a ack · u revoke", "┌ Correlations ─")
        view.press("Enter", "a")
        view.wait_for("Acknowledge finding", "Finding: ", "mira")
        view.press(*"planned", "Tab", *"bad", "Enter", "Enter", "Enter")
        view.wait_for("expires: ")
        self.assertEqual(daemon.json("/api/acks"), [])
        view.press("BackTab", "BackTab", "Back", "Back", "Back", "7", "d", "Enter", "Enter", "Enter")
        view.wait_for("Finding acknowledged", "[ack")
        acks = daemon.json("/api/acks")
        self.assertEqual([(a["by"], a["reason"]) for a in acks], [("mira", "planned")])
        self.assertIn("expires_at", acks[0])
        view.press("a", "x", "Enter", "Enter", "Enter", "Enter")
        view.wait_for("conflict: this finding is acknowledged already")
        view.press("Esc", "u")
        view.wait_for("Revoke acknowledgment")
        view.press("Enter")
        view.wait_for("Acknowledgment revoked")
        self.assertNotIn("[ack", view.text())
        self.assertEqual(daemon.json("/api/acks"), [])
        view.press("Esc", "q")
        self.assertEqual(view.end(), 0)

    def test_spans_come_from_what_the_daemon_retained(self):
        daemon = self.start()
        view = self.open(daemon, "inspect", columns=120, rows=40)
        view.wait_for("┌ Detail ─")
        view.press("s", "Enter", "Enter", "Enter")
        view.wait_for("┌ Explain · ")
        self.assertNotIn("no longer had the spans", view.text())
        self.assertIn("ms)", view.text())
        view.press("Esc", "Esc", "Esc", "Esc")
        view.wait_for("┌ Analyze ─", "Fix first")

    def test_the_key_is_asked_for_by_name(self):
        daemon = self.start(config="api_key = 'correct-horse-battery'\n" + CORRELATION)
        view = self.open(daemon, "inspect", columns=120, rows=40)
        view.wait_for("┌ Findings ─")
        view.press("Enter", "a", "x", "Enter", "Enter", "Enter", "Enter")
        view.wait_for("API key required", "PERF_SENTINEL_DAEMON_API_KEY", "--api-key-file")
        key = daemon.path / "key"
        key.write_text("correct-horse-battery\n", encoding="utf-8")
        key.chmod(0o600)
        with_key = self.open(daemon, "inspect", "--api-key-file", str(key), columns=120, rows=40)
        with_key.wait_for("┌ Findings ─")
        with_key.press("Enter", "a", "x", "Enter", "Enter", "Enter", "Enter")
        with_key.wait_for("Finding acknowledged")

    def test_a_daemon_that_goes_away_meanwhile_is_said_in_the_box(self):
        daemon = self.start()
        view = self.open(daemon, "inspect", columns=120, rows=40)
        view.wait_for("┌ Findings ─")
        daemon.stop()
        view.press("Enter", "a", "x", "Enter", "Enter", "Enter", "Enter")
        view.wait_for("cannot reach the daemon")
        view.press("Esc", "q")
        self.assertEqual(view.end(), 0)

    def test_without_findings_there_is_nothing_to_inspect(self):
        daemon = self.start(fed=False)
        done = subprocess.run([PROGRAM, "query", "--daemon", f"http://127.0.0.1:{daemon.http}", "inspect"], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("no findings", done.stderr)

    def test_without_a_terminal_the_views_say_so(self):
        daemon = self.start()
        for action in ("inspect", "monitor"):
            done = subprocess.run([PROGRAM, "query", "--daemon", f"http://127.0.0.1:{daemon.http}", action], capture_output=True,
                                  text=True, check=False, timeout=20)
            self.assertEqual(done.returncode, 1, action)
            self.assertIn("TUI error: ", done.stderr, action)

    def test_the_monitor_follows_a_daemon_through_its_end_and_return(self):
        daemon = self.start()
        for columns, rows in ((80, 24), (120, 40), (200, 60)):
            view = self.open(daemon, "monitor", "--refresh", "1", columns=columns, rows=rows)
            view.wait_for("┌ Advisor · Tab", "No hints", "s ago")
            view.press("Tab")
            view.wait_for("┌ Energy · Tab", "Window energy: ", "By service", "eu-west-3")
            view.press("Tab")
            view.wait_for("┌ Trends · Tab", "Headroom", "active_traces 0%", "now")
            view.press("Tab")
            view.wait_for("┌ Scrapers · Tab", "electricity_maps   no")
            view.press("Tab")
            view.wait_for("┌ Config · Tab", "trace_ttl_ms = 200  (default 30000, modified)")
            for row in view.screen.display[1:rows - 1]:
                self.assertIn(row.rstrip()[-1], "│┐┘┃", row)
            if columns != 120:
                view.press("q")
                self.assertEqual(view.end(), 0)
        daemon.stop()
        view = self.open(daemon, "monitor", "--refresh", "1", columns=80)
        view.wait_for("waiting", "[STALE]", "/api/export/report", "No answer: ")
        daemon.start()
        view.wait_until(lambda: "[STALE]" not in view.text() and "cold_start" in view.text())
        daemon.stop()
        view.wait_for("[STALE]", "s ago", "cold_start")
        view.press("Esc")
        self.assertEqual(view.end(), 0)

    def test_the_monitor_ends_at_once_beside_a_server_that_never_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            view = self.open(f"http://127.0.0.1:{silent.getsockname()[1]}", "monitor")
            view.wait_for("waiting")
            before = time.monotonic()
            view.press("q")
            self.assertEqual(view.end(), 0)
            self.assertLess(time.monotonic() - before, 5)

    def test_mouse_drags_the_borders_of_trends(self):
        daemon = self.start()
        view = self.open(daemon, "monitor", "--refresh", "1", columns=120, rows=40)
        view.wait_for("┌ Advisor")
        view.press("Tab", "Tab")
        view.wait_for("Headroom")
        at = next(y for y, row in enumerate(view.screen.display) if "Headroom" in row)
        view.press("m")
        view.wait_for("[MOUSE]")
        redraw = "\x0c"  # Ctrl-L: pyte does not know the scrolling that moves lines about
        view.press(f"\x1b[<0;31;{at + 1}M", f"\x1b[<32;31;{at + 7}M", f"\x1b[<0;31;{at + 7}m", redraw)
        view.wait_until(lambda: any("Headroom" in row for row in view.screen.display[at + 4:at + 9]))
        view.press("r", redraw)
        view.wait_until(lambda: "Headroom" in view.screen.display[at])


if __name__ == "__main__":
    unittest.main()
