// One run of the OpenTelemetry SDK for Node.js against a receiver: so many traces, flushed and shut down, by the exporter the
// flags ask for. Prints each trace id; exits 1 if anything of the SDK reported an error.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { context, diag, DiagLogLevel, SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const { values: flags } = parseArgs({
  options: {
    protocol: { type: "string" }, // grpc, http/protobuf or http/json
    endpoint: { type: "string" }, // HOST:PORT
    gzip: { type: "boolean", default: false },
    ca: { type: "string" }, // PEM of the receiver's authority; without it: no TLS
    traces: { type: "string" },
    queries: { type: "string" },
  },
});

let failures = 0;
const fail = (...text) => {
  failures++;
  console.error(...text);
};
const quiet = () => {};
diag.setLogger({ error: fail, warn: fail, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);

function newExporter() {
  const ca = flags.ca && readFileSync(flags.ca);
  const scheme = ca ? "https" : "http";
  const compression = flags.gzip ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE;
  if (flags.protocol === "grpc") {
    const secret = ca ? credentials.createSsl(ca) : credentials.createInsecure();
    return new GrpcExporter({ url: `${scheme}://${flags.endpoint}`, credentials: secret, compression });
  }
  const options = { url: `${scheme}://${flags.endpoint}/v1/traces`, compression, httpAgentOptions: ca ? { ca } : {} };
  return flags.protocol === "http/json" ? new JsonExporter(options) : new ProtobufExporter(options);
}

// One request of a shop: a server span over database calls of one shape.
function sendTrace(tracer, number, queries) {
  const attributes = { "http.request.method": "GET", "http.route": "/orders/{id}" };
  const root = tracer.startSpan("GET /orders/{id}", { kind: SpanKind.SERVER, attributes, root: true });
  const inside = trace.setSpan(context.active(), root);
  for (let q = 0; q < queries; q++) {
    const statement = `SELECT name FROM items WHERE id = ${number * queries + q}`;
    const attributes = { "db.system": "postgresql", "db.statement": statement };
    tracer.startSpan("SELECT items", { kind: SpanKind.CLIENT, attributes }, inside).end();
  }
  root.end();
  console.log(root.spanContext().traceId);
}

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "interop-node" }),
  spanProcessors: [new BatchSpanProcessor(newExporter(), { maxQueueSize: 1 << 16 })],
});
const tracer = provider.getTracer("interop");
for (let number = 0; number < Number(flags.traces); number++) sendTrace(tracer, number, Number(flags.queries));
await provider.forceFlush();
await provider.shutdown();
process.exitCode = failures ? 1 : 0;
