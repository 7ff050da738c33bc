"""The program on a pseudo-terminal: the screen it draws, keys, and how it ends. pyte, which reads what is drawn, is None where
python3-pyte is not installed."""

import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import sys
import termios
import time

from running_daemon import BINARY

try:
    import pyte
except ImportError:
    SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's packages are for, where another comes first
    if os.path.exists(SYSTEM_PYTHON) and not os.path.samefile(sys.executable, SYSTEM_PYTHON):
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
    pyte = None

PROGRAM = pathlib.Path(BINARY).resolve()
PATIENCE_S = 20

KEYS = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t", "BackTab": "\x1b[Z", "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC",
        "Left": "\x1bOD", "PgDn": "\x1b[6~", "End": "\x1b[4~", "Home": "\x1b[1~", "Back": "\x7f", "Ctrl-C": "\x03"}


if pyte is not None:
    class Screen(pyte.Screen):
        """With what xterm can do and pyte cannot: repeating the last character."""

        last = " "

        def draw(self, data):
            self.last = data[-1:] or self.last
            super().draw(data)

        def repeat_last(self, count=1):
            super().draw(self.last * count)

    class Stream(pyte.ByteStream):
        csi = {**pyte.ByteStream.csi, "b": "repeat_last"}
        events = pyte.ByteStream.events | {"repeat_last"}


class Terminal:
    """A program on a pseudo-terminal, and the screen it draws."""

    def __init__(self, arguments, columns=80, rows=24, stdin=None, environment=None, cwd=None):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.output = b""
        self.status = None
        ready, go = os.pipe()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.close(go)
                os.read(ready, 1)
                if stdin is not None:
                    os.dup2(os.open(stdin, os.O_RDONLY), 0)
                if cwd is not None:
                    os.chdir(cwd)
                env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
                os.execve(PROGRAM, [PROGRAM, *arguments], env)
            finally:
                os._exit(99)
        os.close(ready)
        self.resize(columns, rows)
        self.settings = termios.tcgetattr(self.master)
        os.write(go, b"x")
        os.close(go)

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Feeds the screen with what comes within the time; False once the program is gone."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += data
        self.stream.feed(data)
        return bool(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, *parts):
        """Waits until each part stands on the screen."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if all(part in self.text() for part in parts):
                self.settle()
                return
            if not self.read(0.05):
                break
        raise AssertionError(f"{parts} did not appear on:\n{self.text()}")

    def wait_until(self, holds):
        """Waits until the screen is as it should be."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end or not self.read(0.05):
                raise AssertionError(f"did not come:\n{self.text()}")

    def settle(self):
        """The rest of a picture that has begun to come."""
        while select.select([self.master], [], [], 0.1)[0] and self.read(0):
            pass

    def press(self, *keys):
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())
            time.sleep(0.06)  # Esc alone must not look like the start of a longer key

    def end(self):
        """Waits for the program to end: its exit status, or minus the signal that ended it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.settle()
                return self.status
        raise AssertionError(f"the program did not end; screen:\n{self.text()}")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
