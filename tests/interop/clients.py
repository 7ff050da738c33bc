"""The clients: what each needs, how it is made ready, how it is run, and over which transports.

A client is a folder beside this file with a program that takes --protocol, --endpoint, --gzip, --ca, --certificate, --key,
--traces and --queries, sends that many traces of one server span and that many database spans, prints their ids, and exits 0 if
it saw no error. What it needs is put into build/interop/<name>; the stamp `ready` there holds a digest of the folder it was made
from.
"""

import dataclasses
import hashlib
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build" / "interop"

GRPC, PROTOBUF, JSON = "grpc", "http/protobuf", "http/json"
TLS = PLAIN, ONE_SIDED, MUTUAL = "no", "yes", "mutual"


@dataclasses.dataclass(frozen=True)
class Way:
    """A transport as the client is told to use it, and as the table calls it."""

    flags: tuple
    transport: str
    encoding: str
    port: str = "http"


WAYS = {
    GRPC: Way(("--protocol=grpc",), "gRPC", "protobuf", "grpc"),
    PROTOBUF: Way(("--protocol=http/protobuf",), "HTTP", "protobuf"),
    JSON: Way(("--protocol=http/json",), "HTTP", "JSON"),
    "http1": Way(("--protocol=http/json", "--http=1.1"), "HTTP/1.1", "JSON"),
    "http2": Way(("--protocol=http/json", "--http=2"), "HTTP/2", "JSON"),
}


@dataclasses.dataclass(frozen=True)
class Client:
    folder: str
    title: str
    tools: tuple  # programs that must be on the path
    prepare: tuple  # commands, run in {source} in this order; {source} and {into} are filled in
    send: tuple
    ways: tuple
    tls: tuple = (PLAIN, ONE_SIDED)
    gzip: tuple = (False, True)

    @property
    def source(self):
        return HERE / self.folder

    @property
    def into(self):
        return BUILD / self.folder

    def filled(self, command):
        return [word.format(source=self.source, into=self.into) for word in command]

    def digest(self):
        """Of the folder and of the commands that make it ready."""
        digest = hashlib.sha256(repr(self.prepare).encode())
        for file in sorted(path for path in self.source.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(file.relative_to(self.source).as_posix().encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()

    def missing(self):
        """What keeps this client from running now; empty when it can."""
        absent = [tool for tool in self.tools if not shutil.which(tool)]
        if absent:
            return f"{', '.join(absent)} not found"
        stamp = self.into / "ready"
        if self.prepare and not (stamp.exists() and stamp.read_text(encoding="utf-8") == self.digest()):
            return "its packages are not installed (./dev interop does that)"
        return ""

    def make_ready(self):
        """Installs and builds it; what went wrong, or nothing."""
        absent = [tool for tool in self.tools if not shutil.which(tool)]
        if absent:
            return f"{', '.join(absent)} not found"
        if not self.missing():
            return ""
        self.into.mkdir(parents=True, exist_ok=True)
        (self.into / "ready").unlink(missing_ok=True)
        for command in self.prepare:
            run = subprocess.run(self.filled(command), cwd=self.source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                 check=False)
            if run.returncode != 0:
                return f"{' '.join(self.filled(command))}: exit {run.returncode}\n{run.stdout[-4000:]}"
        (self.into / "ready").write_text(self.digest(), encoding="utf-8")
        return ""


CLIENTS = {client.folder: client for client in (
    Client("curl", "curl", ("curl",), (), ("python3", "{source}/send.py"), ("http1", "http2"), TLS),
    Client("grpc_cpp", "gRPC C++", ("cmake", "pkg-config", "protoc", "grpc_cpp_plugin"),
           (("cmake", "-S", "{source}", "-B", "{into}/cmake", "-DCMAKE_BUILD_TYPE=Release"),
            ("cmake", "--build", "{into}/cmake")),
           ("{into}/cmake/send",), (GRPC,), TLS),
    Client("grpcurl", "grpcurl", ("go",), (("go", "build", "-o", "{into}/grpcurl", "github.com/fullstorydev/grpcurl/cmd/grpcurl"),),
           ("python3", "{source}/send.py", "--grpcurl={into}/grpcurl"), (GRPC,), TLS, (False,)),
    Client("go", "SDK for Go", ("go",), (("go", "build", "-o", "{into}/send", "."),), ("{into}/send",), (GRPC, PROTOBUF), TLS),
    Client("java", "SDK for Java", ("java", "mvn"),
           (("mvn", "--quiet", "--batch-mode", "--no-transfer-progress", "-Dinto={into}", "compile"),),
           ("java", "-cp", "{into}/classes:{into}/lib/*", "Send"), (GRPC, PROTOBUF)),
    Client("node", "SDK for Node.js", ("node", "npm"),
           (("cp", "-R", "{source}/.", "{into}"),
            ("npm", "--prefix", "{into}", "ci", "--ignore-scripts", "--loglevel=error")),
           ("node", "{into}/send.js"), (GRPC, PROTOBUF, JSON)),
    Client("python", "SDK for Python", ("python3",),
           (("python3", "-m", "venv", "{into}/venv"),
            ("{into}/venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", "{source}/requirements.txt")),
           ("{into}/venv/bin/python", "{source}/send.py"), (GRPC, PROTOBUF), TLS),
    Client("collector", "Collector", ("go", "curl"), (("go", "build", "-o", "{into}/collector", "."),),
           ("python3", "{source}/send.py", "--collector={into}/collector"), (GRPC, PROTOBUF, JSON)),
)}
