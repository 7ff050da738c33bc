import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One run of the OpenTelemetry SDK for Java against a receiver: so many traces, flushed and shut down, by the exporter the
 * flags ask for. Prints each trace id; exits 1 if anything of the SDK warned of something.
 */
public final class Send {
  /** Counts what the SDK logs as a warning or worse: that is how its exporters report failures. */
  private static final class Failures extends Handler {
    final AtomicInteger seen = new AtomicInteger();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
        seen.incrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Map<String, String> flags(String[] arguments) {
    Map<String, String> flags = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      flags.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return flags;
  }

  private static SpanExporter exporter(Map<String, String> flags) throws Exception {
    String compression = flags.containsKey("--gzip") ? "gzip" : "none";
    byte[] ca = flags.containsKey("--ca") ? Files.readAllBytes(Path.of(flags.get("--ca"))) : null;
    String url = (ca != null ? "https://" : "http://") + flags.get("--endpoint");
    if (flags.get("--protocol").equals("grpc")) {
      var builder = OtlpGrpcSpanExporter.builder().setEndpoint(url).setCompression(compression);
      return (ca != null ? builder.setTrustedCertificates(ca) : builder).build();
    }
    var builder = OtlpHttpSpanExporter.builder().setEndpoint(url + "/v1/traces").setCompression(compression);
    return (ca != null ? builder.setTrustedCertificates(ca) : builder).build();
  }

  /** One request of a shop: a server span over database calls of one shape. */
  private static void sendTrace(Tracer tracer, int number, int queries) {
    Span root = tracer.spanBuilder("GET /orders/{id}").setNoParent().setSpanKind(SpanKind.SERVER)
        .setAttribute("http.request.method", "GET").setAttribute("http.route", "/orders/{id}").startSpan();
    for (int q = 0; q < queries; q++) {
      tracer.spanBuilder("SELECT items").setParent(Context.root().with(root)).setSpanKind(SpanKind.CLIENT)
          .setAttribute("db.system", "postgresql")
          .setAttribute("db.statement", "SELECT name FROM items WHERE id = " + (number * queries + q)).startSpan().end();
    }
    root.end();
    System.out.println(root.getSpanContext().getTraceId());
  }

  private static void wait(String what, CompletableResultCode result) {
    if (!result.join(30, TimeUnit.SECONDS).isSuccess()) {
      throw new IllegalStateException(what + " failed");
    }
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> flags = flags(arguments);
    Failures failures = new Failures();
    Logger.getLogger("").addHandler(failures);

    SdkTracerProvider provider = SdkTracerProvider.builder()
        .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "interop-java")))
        .addSpanProcessor(BatchSpanProcessor.builder(exporter(flags)).setMaxQueueSize(1 << 16).build())
        .build();
    Tracer tracer = provider.get("interop");
    int traces = Integer.parseInt(flags.get("--traces"));
    int queries = Integer.parseInt(flags.get("--queries"));
    for (int number = 0; number < traces; number++) {
      sendTrace(tracer, number, queries);
    }
    wait("flush", provider.forceFlush());
    wait("shutdown", provider.shutdown());
    System.exit(failures.seen.get() == 0 ? 0 : 1);
  }
}
