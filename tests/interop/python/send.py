"""One run of the OpenTelemetry SDK for Python against a receiver: so many traces, flushed and shut down, by the exporter the
flags ask for. Prints each trace id; exits 1 if anything of the SDK reported an error.
"""

import argparse
import logging
import pathlib
import sys

import grpc
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression as HttpCompression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Failures(logging.Handler):
    """Counts what the SDK logs as a warning or worse: that is how its exporters report failures."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.seen = 0

    def emit(self, record):
        self.seen += 1
        print(record.getMessage(), file=sys.stderr)


def new_exporter(flags):
    if flags.protocol == "grpc":
        pems = [pathlib.Path(file).read_bytes() if file else None for file in (flags.ca, flags.key, flags.certificate)]
        secret = grpc.ssl_channel_credentials(*pems) if flags.ca else None
        compression = grpc.Compression.Gzip if flags.gzip else grpc.Compression.NoCompression
        scheme = "https" if flags.ca else "http"
        return GrpcExporter(f"{scheme}://{flags.endpoint}", insecure=not flags.ca, credentials=secret, compression=compression)
    compression = HttpCompression.Gzip if flags.gzip else HttpCompression.NoCompression
    if flags.ca:
        return HttpExporter(f"https://{flags.endpoint}/v1/traces", certificate_file=flags.ca, client_key_file=flags.key,
                            client_certificate_file=flags.certificate, compression=compression)
    return HttpExporter(f"http://{flags.endpoint}/v1/traces", compression=compression)


def send_trace(tracer, number, queries):
    """One request of a shop: a server span over database calls of one shape."""
    attributes = {"http.request.method": "GET", "http.route": "/orders/{id}"}
    with tracer.start_as_current_span("GET /orders/{id}", kind=trace.SpanKind.SERVER, attributes=attributes) as root:
        for q in range(queries):
            statement = f"SELECT name FROM items WHERE id = {number * queries + q}"
            attributes = {"db.system": "postgresql", "db.statement": statement}
            tracer.start_span("SELECT items", kind=trace.SpanKind.CLIENT, attributes=attributes).end()
    print(trace.format_trace_id(root.get_span_context().trace_id))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protocol", choices=["grpc", "http/protobuf"], required=True)
    parser.add_argument("--endpoint", required=True, metavar="HOST:PORT")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--ca", help="PEM of the receiver's authority; without it: no TLS")
    parser.add_argument("--certificate", help="PEM of the client's own certificate")
    parser.add_argument("--key", help="PEM of its key")
    parser.add_argument("--traces", type=int, required=True)
    parser.add_argument("--queries", type=int, required=True)
    flags = parser.parse_args()

    failures = Failures()
    logging.getLogger().addHandler(failures)
    provider = TracerProvider(resource=Resource.create({"service.name": "interop-python"}))
    provider.add_span_processor(BatchSpanProcessor(new_exporter(flags), max_queue_size=1 << 16))
    tracer = provider.get_tracer("interop")
    for number in range(flags.traces):
        send_trace(tracer, number, flags.queries)
    flushed = provider.force_flush()
    provider.shutdown()
    return 0 if flushed and not failures.seen else 1


if __name__ == "__main__":
    sys.exit(main())
