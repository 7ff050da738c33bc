"""One run through an OpenTelemetry Collector: it is given so many traces by curl and forwards them to a receiver by the
exporter that the flags ask for. Prints each trace id; exits 1 if the Collector logged an error or did not stop in order.
"""

import argparse
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CURL = HERE.parent / "curl" / "send.py"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def configuration(flags, port):
    """As JSON, which is YAML too."""
    exporter = {"compression": "gzip" if flags.gzip else "none"}
    exporter["tls"] = {"ca_file": flags.ca} if flags.ca else {"insecure": True}
    if flags.protocol == "grpc":
        name, exporter["endpoint"] = "otlp_grpc", flags.endpoint
    else:
        name, exporter["endpoint"] = "otlp_http", f"{'https' if flags.ca else 'http'}://{flags.endpoint}"
        exporter["encoding"] = "json" if flags.protocol == "http/json" else "proto"
    return {
        "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{port}"}}}},
        "exporters": {name: exporter},
        "service": {
            "telemetry": {"metrics": {"level": "none"}, "logs": {"level": "warn"}},
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": [name]}},
        },
    }


def wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the Collector does not listen")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collector", required=True, help="the program")
    parser.add_argument("--protocol", choices=["grpc", "http/protobuf", "http/json"], required=True)
    parser.add_argument("--endpoint", required=True, metavar="HOST:PORT")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--ca", help="PEM of the receiver's authority; without it: no TLS")
    parser.add_argument("--traces", type=int, required=True)
    parser.add_argument("--queries", type=int, required=True)
    flags = parser.parse_args()

    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config, log = pathlib.Path(folder, "collector.json"), pathlib.Path(folder, "log")
        config.write_text(json.dumps(configuration(flags, port)), encoding="utf-8")
        with open(log, "wb") as file:
            collector = subprocess.Popen([flags.collector, "--config", str(config)], stdout=file, stderr=file)
        try:
            wait_for(port, collector)
            fed = subprocess.run([sys.executable, str(CURL), f"--endpoint=127.0.0.1:{port}", f"--traces={flags.traces}",
                                  f"--queries={flags.queries}"], check=False)
        finally:
            collector.send_signal(signal.SIGTERM)
            try:
                ended = collector.wait(60)  # what it still queues is sent first
            except subprocess.TimeoutExpired:
                collector.kill()
                ended = collector.wait()
            said = log.read_text(encoding="utf-8", errors="replace")
            print(said, end="", file=sys.stderr)
    return 0 if fed.returncode == 0 and ended == 0 and not said else 1


if __name__ == "__main__":
    sys.exit(main())
