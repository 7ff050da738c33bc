"""`perf-sentinel ack` against a running daemon: what it takes from standard input and what it shows."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from running_daemon import BINARY, Daemon  # noqa: E402

LONGEST = "x" * 991 + ":" + "0" * 32  # 1024 bytes


class Ack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__()

    def ack(self, *arguments, text=""):
        return subprocess.run([BINARY, "ack", "--daemon", f"http://127.0.0.1:{self.daemon.http}", *arguments], input=text,
                              capture_output=True, text=True, timeout=20, check=False)

    def test_takes_the_longest_signature_from_standard_input_with_its_line_end(self):
        done = self.ack("create", "-r", "x", text=LONGEST + "\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(LONGEST, [row["signature"] for row in self.daemon.json("/api/acks")])
        self.assertEqual(self.ack("revoke", text=LONGEST + "\n").returncode, 0)

    def test_refuses_a_longer_signature_from_standard_input(self):
        for text in ("x" + LONGEST + "\n", " " + LONGEST + "x", LONGEST + "\ny", LONGEST + " " * 70_000 + "y"):
            done = self.ack("create", "-r", "x", text=text)
            self.assertEqual(done.returncode, 1)
            self.assertIn("1024", done.stderr)

    def test_shows_a_leap_second_as_it_was_asked_for(self):
        done = self.ack("create", "-s", "y:" + "0" * 32, "-r", "x", "--expires", "2099-12-31T23:59:60.5Z")
        self.assertEqual(done.returncode, 0)
        self.assertIn("2099-12-31T23:59:60Z", done.stdout)


if __name__ == "__main__":
    unittest.main()
