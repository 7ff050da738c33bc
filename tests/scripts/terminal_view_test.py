"""The terminal views in a real pseudo-terminal: what the screen shows, what keys do, and that the terminal is put back."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from terminal import PROGRAM, Terminal, pyte  # noqa: E402


def event(trace, number, target, service="cart", operation="SELECT", kind="sql", parent="root", duration=900):
    return {"timestamp": f"2026-03-12T09:00:00.{100 + number:03d}Z", "trace_id": trace, "span_id": f"{trace}-{number}",
            "parent_span_id": parent, "service": service, "type": kind, "operation": operation, "target": target,
            "duration_us": duration, "source": {"endpoint": "GET /cart/{id}", "method": "Cart.load"}}


def traces():
    """A critical N+1, a trace whose statement holds what could harm a terminal, and one without findings."""
    events = [event("calm", 0, "SELECT name FROM shop WHERE id = 1")]
    events += [event("critical", i, f"SELECT * FROM item WHERE cart_id = {i}") for i in range(12)]
    events += [event("hostile", i, f"SELECT \x1b[J\u202e日本語 FROM t WHERE id = {i}", service="カート\x07\u200b") for i in range(6)]
    return events


ORGANISATION = """
[organisation]
name = "Example"
country = "FR"
[methodology]
sci_specification = "ISO/IEC 21031:2024"
conformance = "partial"
[methodology.calibration]
carbon_intensity_source = "static_tables"
specpower_table_version = "2024"
[scope_manifest]
total_applications_declared = 3
"""


@unittest.skipIf(pyte is None, "python3-pyte is not installed")
class TerminalViews(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.input = os.path.join(cls.folder.name, "traces.json")
        with open(cls.input, "w", encoding="utf-8") as out:
            json.dump(traces(), out)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def open(self, *arguments, **options):
        terminal = Terminal(arguments, cwd=self.folder.name, **options)
        self.addCleanup(terminal.close)
        return terminal

    def assert_put_back(self, terminal):
        settings = termios.tcgetattr(terminal.master)
        self.assertEqual(settings, terminal.settings, "terminal settings")
        self.assertIn(b"\x1b[?1049h", terminal.output)
        self.assertGreater(terminal.output.rindex(b"\x1b[?1049l"), terminal.output.rindex(b"\x1b[?1049h"), "main screen is back")
        self.assertGreater(terminal.output.rindex(b"\x1b[?25h"), terminal.output.rindex(b"\x1b[?25l"), "cursor is back")

    def test_analyze_goes_down_to_explain_and_back_at_80x24(self):
        view = self.open("analyze", "--tui", "--input", self.input)
        view.wait_for("┌ Analyze ─", "3 traces with 19 events", "Fix first")
        view.press("Enter")
        view.wait_for("─ Traces 3 ─ Findings 0 ─ Detail ─ Correlations 0 ─", "critical", "1 finding")
        view.press("Down", "Enter")
        view.wait_for("[1] N+1 SQL CRITICAL")
        view.press("Enter")
        view.wait_for("Template:", "SELECT * FROM item WHERE cart_id = ?")
        view.press("Enter")
        view.wait_for("┌ Explain · critical ─", "×12")
        view.press("Esc", "Esc", "Esc", "Esc")
        view.wait_for("┌ Analyze ─")
        view.press("q")
        self.assertEqual(view.end(), 0)
        self.assert_put_back(view)

    def test_all_panels_stand_side_by_side_at_200x60(self):
        view = self.open("inspect", "--input", self.input, columns=200, rows=60)
        view.wait_for("┌ Traces (findings) ─", "┌ Findings ─", "┌ Correlations ─", "┌ Detail ─", "s sort: id")
        rows = view.screen.display
        self.assertTrue(rows[1].startswith("┌ Traces") and rows[1].rstrip().endswith("┐"), rows[1])
        for row in rows[2:58]:
            self.assertIn(row[0], "│└┌", row)
            self.assertIn(row[199], "│┘┐┃", row)
        view.press("s")
        view.wait_for("s sort: severity")

    def test_a_small_window_asks_for_more_and_draws_at_once_when_it_grows(self):
        view = self.open("inspect", "--input", self.input, columns=20, rows=5)
        view.wait_for("20×5", "60×15")
        view.resize(80, 24)
        view.wait_for("─ Traces 3 ─")
        view.resize(59, 24)
        view.wait_for("59×24")
        view.press("q")
        self.assertEqual(view.end(), 0)

    def test_text_of_traces_cannot_reach_the_terminal(self):
        view = self.open("explain", "--tui", "--input", self.input, "--trace-id", "hostile", columns=120, rows=40)
        view.wait_for("┌ Explain · hostile ─", "SELECT ?[J日")
        body = view.output.decode("utf-8", "replace")
        for character in "\u202e\u200b\x07":
            self.assertNotIn(character, body)
        view.press("Esc")
        view.wait_for("Service:", "カ")
        for row in view.screen.display[1:39]:
            self.assertEqual(row.rstrip()[-1], row.rstrip()[-1:])
            self.assertIn(row.rstrip()[-1], "│┐┘┃", row)

    def test_a_search_narrows_traces(self):
        view = self.open("inspect", "--input", self.input)
        view.wait_for("─ Traces 3 ─")
        view.press("/", "c", "r", "i", "t")
        view.wait_for("Search: crit", "Traces 1 of 3")
        view.press("Enter", "?")
        view.wait_for("any key closes")
        view.press("x", "/", "Back", "Back", "Back", "Back", "Enter")
        view.wait_for("─ Traces 3 ─")

    def test_an_export_never_overwrites(self):
        view = self.open("inspect", "--input", self.input)
        view.wait_for("─ Traces 3 ─")
        view.press("Down", "e")
        view.wait_for("Exported to perf-sentinel-trace-critical.json")
        view.press("e")
        view.wait_for("Exported to perf-sentinel-trace-critical-2.json")
        with open(os.path.join(self.folder.name, "perf-sentinel-trace-critical.json"), encoding="utf-8") as exported:
            self.assertEqual(json.load(exported)["trace_id"], "critical")

    def test_traces_through_a_pipe_leave_the_keys_to_the_terminal(self):
        view = self.open("analyze", "--tui", stdin=self.input)
        view.wait_for("┌ Analyze ─")
        view.press("Enter")
        view.wait_for("─ Traces 3 ─")
        view.press("q")
        self.assertEqual(view.end(), 0)
        self.assert_put_back(view)

    def test_a_saved_report_is_browsed(self):
        saved = os.path.join(self.folder.name, "report.json")
        with open(saved, "wb") as out:
            subprocess.run([PROGRAM, "analyze", "--format", "json", "--input", self.input], stdout=out, check=True,
                           stderr=subprocess.DEVNULL)
        view = self.open("inspect", "--input", saved)
        view.wait_for("─ Traces 2 ─", "critical", "1 finding")
        view.press("Enter", "Enter", "End")
        view.wait_for("No spans of this trace are at hand")

    def test_the_preview_of_a_disclosure_writes_nothing(self):
        report = subprocess.run([PROGRAM, "analyze", "--format", "json", "--input", self.input], capture_output=True, check=True)
        archive = os.path.join(self.folder.name, "archive.ndjson")
        with open(archive, "w", encoding="utf-8") as out:
            for day in (3, 17):
                line = {"ts": f"2026-01-{day:02d}T12:00:00Z", "report": json.loads(report.stdout)}
                out.write(json.dumps(line) + "\n")
        organisation = os.path.join(self.folder.name, "org.toml")
        pathlib.Path(organisation).write_text(ORGANISATION, encoding="utf-8")
        before = sorted(os.listdir(self.folder.name))
        view = self.open("disclose", "--tui", "--input", archive, "--org-config", organisation, columns=120, rows=40)
        view.wait_for("‹ Month ›", "2026-01-01 → 2026-01-31  (31 days)", "2 windows", "--period-type calendar-month")
        view.press("g")
        view.wait_for("‹ Quarter ›", "2026-01-01 → 2026-03-31  (90 days)", "--period-type calendar-quarter")
        view.press("Left")
        view.wait_for("2025-10-01 → 2025-12-31", "No archived window falls into this period.")
        view.press("q")
        self.assertEqual(view.end(), 0)
        self.assert_put_back(view)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        self.assertIn("line 1: the window has no figures", view.text(), "what was logged meanwhile comes after the view")
        missing = self.open("disclose", "--tui", "--input", "no.ndjson", "--org-config", organisation, columns=200)
        self.assertEqual(missing.end(), 1)
        self.assertIn("no.ndjson", missing.text())

    def test_signals_put_the_terminal_back(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            view = self.open("inspect", "--input", self.input)
            view.wait_for("─ Traces 3 ─")
            view.press("m")  # mouse reporting has to end, too
            view.wait_for("MOUSE")
            os.kill(view.pid, number)
            self.assertEqual(view.end(), -number)
            self.assert_put_back(view)
            self.assertGreater(view.output.rindex(b"\x1b[?1003l"), view.output.rindex(b"\x1b[?1003h"))

    def test_a_crash_puts_the_terminal_back(self):
        view = self.open("inspect", "--input", self.input)
        view.wait_for("─ Traces 3 ─")
        os.kill(view.pid, signal.SIGSEGV)
        self.assertEqual(view.end(), -signal.SIGSEGV)
        self.assert_put_back(view)

    def test_borders_are_dragged_with_the_mouse_in_either_encoding(self):
        def old(button, x, y, released):
            return f"\x1b[M{chr(32 + (3 if released else button))}{chr(33 + x)}{chr(33 + y)}"

        def sgr(button, x, y, released):
            return f"\x1b[<{button};{x + 1};{y + 1}{'m' if released else 'M'}"

        motion = 32
        for terminal, mouse in (("screen-256color", old), ("xterm-256color", sgr)):
            view = self.open("inspect", "--input", self.input, columns=120, rows=40, environment={"TERM": terminal})
            view.wait_for("┌ Findings ─")
            self.assertEqual(view.screen.display[1].index("┌ Findings"), 24)
            view.press("m")
            view.wait_for("MOUSE")
            for button, x, released in ((0, 24, False), (motion, 30, False), (motion, 36, False), (0, 36, True)):
                os.write(view.master, mouse(button, x, 6, released).encode())
                time.sleep(0.05)
            view.wait_until(lambda: view.screen.display[1].find("┌ Findings") == 36)
            view.press("r")
            view.wait_until(lambda: view.screen.display[1].find("┌ Findings") == 24)

    def test_ctrl_c_quits(self):
        view = self.open("inspect", "--input", self.input)
        view.wait_for("─ Traces 3 ─")
        view.press("Ctrl-C")
        self.assertEqual(view.end(), 0)
        self.assert_put_back(view)

    def test_no_color_leaves_attributes(self):
        colored = self.open("inspect", "--input", self.input)
        colored.wait_for("─ Traces 3 ─")
        self.assertRegex(colored.output, rb"\x1b\[[0-9;]*3[1-6][;m]")
        plain = self.open("inspect", "--input", self.input, environment={"NO_COLOR": "1"})
        plain.wait_for("─ Traces 3 ─")
        self.assertNotRegex(plain.output, rb"\x1b\[[0-9;]*3[1-6][;m]")
        self.assertRegex(plain.output, rb"\x1b\[[0-9;]*7[;m]", "the selected row is still reversed")

    def test_what_cannot_be_shown_is_said_with_its_exit_status(self):
        unknown = self.open("inspect", "--input", self.input, environment={"TERM": "no-such-terminal"})
        self.assertEqual(unknown.end(), 1)
        self.assertIn("no-such-terminal", unknown.text())
        missing = self.open("inspect", "--input", "missing.json", columns=200)
        self.assertEqual(missing.end(), 75)
        self.assertIn("missing.json", missing.text())
        trace = self.open("explain", "--tui", "--input", self.input, "--trace-id", "none", columns=200)
        self.assertEqual(trace.end(), 75)
        self.assertIn("available traces: calm, critical, hostile", trace.text())
        piped = subprocess.run([PROGRAM, "inspect", "--input", "missing.json"], capture_output=True, check=False, text=True)
        self.assertEqual(piped.returncode, 1)
        self.assertIn("terminal", piped.stderr)


if __name__ == "__main__":
    unittest.main()
