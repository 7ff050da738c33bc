"""Throw-away database servers for tests: started in a folder of their own by an unprivileged user, reached through a socket
there, gone afterwards. They never touch a cluster that is already on the machine.

    with postgres(preload="pg_stat_statements") as server:
        server.sql("SELECT 1")

Unavailable says what stands in the way, for skipping a test.
"""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

START_SECONDS = 30


class Unavailable(Exception):
    pass


def find_program(name, *folders):
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin"]))
    if not found:
        raise Unavailable(f"{name} is not installed")
    return found


def as_nobody():
    """Arguments for subprocess that drop root, which the servers refuse to run as."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("nobody")
        subprocess.run(["true"], user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=True)
    except (KeyError, OSError, subprocess.SubprocessError) as e:
        raise Unavailable(f"running as root and unable to become nobody: {e}") from e
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """A running server. `folder` is writable by it; `client` is the command line that reads SQL from standard input."""

    def __init__(self, folder, client, drop):
        self.folder, self.client, self.drop = folder, client, drop

    def sql(self, text, *flags):
        """Standard output of the client, as bytes."""
        run = subprocess.run([*self.client, *flags], input=text.encode(), capture_output=True, cwd=self.folder, **self.drop)
        if run.returncode != 0:
            raise AssertionError(f"{self.client[0]} failed: {run.stderr.decode(errors='replace')}\n{text}")
        return run.stdout


@contextlib.contextmanager
def running(folder, command, drop, is_up, log):
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, **drop)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} does not start:\n" + pathlib.Path(log).read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def server_folder(drop):
    # A short name: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="ps-db-", dir="/tmp", ignore_cleanup_errors=True) as name:
        if drop:
            os.chown(name, drop["user"], drop["group"])
        yield pathlib.Path(name)


def setup(command, folder, drop):
    run = subprocess.run(command, capture_output=True, cwd=folder, **drop)
    if run.returncode != 0:
        raise AssertionError(f"{command[0]} failed: " + (run.stdout + run.stderr).decode(errors="replace")[-2000:])


@contextlib.contextmanager
def postgres(preload=""):
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[-2]), reverse=True)[:1]
    initdb, program, psql = (find_program(p, *folders) for p in ("initdb", "postgres", "psql"))
    if preload and not glob.glob(str(pathlib.Path(program).parent.parent / "lib" / f"{preload}.so")):
        raise Unavailable(f"PostgreSQL's {preload} is not installed")
    drop = as_nobody()
    with server_folder(drop) as folder:
        data = str(folder / "data")
        setup([initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], folder, drop)
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "shared_preload_libraries": preload,
                   "fsync": "off", "shared_buffers": "16MB", "compute_query_id": "on"}
        command = [program, "-D", data, *(part for k, v in options.items() for part in ("-c", f"{k}={v}"))]
        client = [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(folder), "-U", "tester", "postgres"]
        is_up = lambda: subprocess.run([*client, "-c", "SELECT 1"], capture_output=True, **drop).returncode == 0  # noqa: E731
        with running(folder, command, drop, is_up, folder / "log"):
            yield Server(folder, client, drop)


@contextlib.contextmanager
def mariadb():
    install, program, client = (find_program(p) for p in ("mariadb-install-db", "mariadbd", "mariadb"))
    drop = as_nobody()
    with server_folder(drop) as folder:
        data, socket = str(folder / "data"), str(folder / "socket")
        setup([install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db",
               "--skip-name-resolve"], folder, drop)
        command = [program, "--no-defaults", f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder}/pid",
                   "--skip-networking", "--performance-schema=ON", "--performance-schema-instrument=statement/%=ON",
                   "--performance-schema-consumer-statements-digest=ON", "--innodb-buffer-pool-size=16M",
                   "--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4"]
        client = [client, "--no-defaults", f"--socket={socket}", "-u", "root", "--default-character-set=utf8mb4"]
        is_up = lambda: subprocess.run([*client, "-e", "SELECT 1"], capture_output=True, **drop).returncode == 0  # noqa: E731
        with running(folder, command, drop, is_up, folder / "log"):
            yield Server(folder, client, drop)
