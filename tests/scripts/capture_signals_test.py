"""A signal to `capture` ends the whole command tree, stubborn ones too, and nothing of it is left."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from running_daemon import BINARY, eventually, free_ports  # noqa: E402


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Signals(unittest.TestCase):
    def capture(self, folder, script, grace="0"):
        grpc, http = free_ports(2)
        ports = ["--listen-port-grpc", str(grpc), "--listen-port-http", str(http)]
        p = subprocess.Popen([BINARY, "capture", "-o", os.path.join(folder, "t.json"), "--grace-ms", grace, *ports, "--", "sh", "-c", script],
                             cwd=folder, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(p.stderr.close)
        return p

    def pid_of(self, folder):
        path = pathlib.Path(folder, "pid")
        self.assertTrue(eventually(lambda: path.exists() and path.read_text(encoding="ascii").strip()), "the command did not start")
        return int(path.read_text(encoding="ascii"))

    def test_a_grandchild_ends_too(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with tempfile.TemporaryDirectory() as folder:
                p = self.capture(folder, "sleep 100 & echo $! > pid; wait")
                pid = self.pid_of(folder)
                p.send_signal(number)
                self.assertEqual(p.wait(10), 1)
                self.assertFalse(alive(pid))

    def test_what_ignores_the_signal_is_killed_after_a_while(self):
        with tempfile.TemporaryDirectory() as folder:
            p = self.capture(folder, "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done")
            pid = self.pid_of(folder)
            begin = time.monotonic()
            p.send_signal(signal.SIGTERM)
            self.assertEqual(p.wait(20), 1)
            self.assertGreater(time.monotonic() - begin, 4.5)
            self.assertFalse(alive(pid))
            self.assertIn("it is killed", p.stderr.read())

    def test_what_left_the_group_ends_too(self):
        # In a session of its own; and there with its parent gone, as a daemon.
        for script in ("setsid sh -c 'echo $$ > pid; exec sleep 100' & wait",
                       "(setsid sh -c 'echo $$ > pid; exec sleep 100' &) ; while :; do sleep 0.1; done"):
            with tempfile.TemporaryDirectory() as folder:
                p = self.capture(folder, script)
                pid = self.pid_of(folder)
                begin = time.monotonic()
                p.send_signal(signal.SIGTERM)
                self.assertEqual(p.wait(20), 1)
                self.assertLess(time.monotonic() - begin, 4.5)  # asked, not killed
                self.assertFalse(alive(pid))

    def test_what_left_the_group_and_ignores_the_signal_is_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            p = self.capture(folder, "setsid sh -c 'trap \"\" TERM; echo $$ > pid; while :; do sleep 0.1; done' & wait")
            pid = self.pid_of(folder)
            p.send_signal(signal.SIGTERM)
            self.assertEqual(p.wait(20), 1)
            self.assertFalse(alive(pid))
            self.assertIn("it is killed", p.stderr.read())

    def test_what_the_command_leaves_behind_in_the_end_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            p = self.capture(folder, "setsid sleep 100 & echo $! > pid; exit 3")
            pid = self.pid_of(folder)
            self.assertEqual(p.wait(20), 3)
            self.assertTrue(alive(pid))
            os.kill(pid, signal.SIGKILL)

    def test_a_signal_during_the_grace_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            p = self.capture(folder, "echo $$ > pid", grace="600")
            self.pid_of(folder)
            time.sleep(0.2)
            p.send_signal(signal.SIGTERM)
            self.assertEqual(p.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
