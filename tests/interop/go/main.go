// One run of the OpenTelemetry SDK for Go against a receiver: so many traces, flushed and shut down, by the exporter the
// flags ask for. Prints each trace id; exits 1 if anything of the SDK reported an error.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"os"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/credentials"
)

var (
	protocol = flag.String("protocol", "grpc", "grpc or http/protobuf")
	endpoint = flag.String("endpoint", "127.0.0.1:4317", "HOST:PORT")
	gzip     = flag.Bool("gzip", false, "compress requests")
	ca       = flag.String("ca", "", "PEM of the authority that signed the receiver's certificate; without it: no TLS")
	own      = flag.String("certificate", "", "PEM of the client's own certificate")
	key      = flag.String("key", "", "PEM of its key")
	traces   = flag.Int("traces", 1, "traces to send")
	queries  = flag.Int("queries", 5, "database spans of each trace")
)

func newExporter(ctx context.Context) (*otlptrace.Exporter, error) {
	var config *tls.Config
	if *ca != "" {
		pem, err := os.ReadFile(*ca)
		if err != nil {
			return nil, err
		}
		config = &tls.Config{RootCAs: x509.NewCertPool()}
		config.RootCAs.AppendCertsFromPEM(pem)
	}
	if *own != "" {
		pair, err := tls.LoadX509KeyPair(*own, *key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if *protocol == "grpc" {
		options := []otlptracegrpc.Option{otlptracegrpc.WithEndpoint(*endpoint)}
		if config != nil {
			options = append(options, otlptracegrpc.WithTLSCredentials(credentials.NewTLS(config)))
		} else {
			options = append(options, otlptracegrpc.WithInsecure())
		}
		if *gzip {
			options = append(options, otlptracegrpc.WithCompressor("gzip"))
		}
		return otlptracegrpc.New(ctx, options...)
	}
	options := []otlptracehttp.Option{otlptracehttp.WithEndpoint(*endpoint)}
	if config != nil {
		options = append(options, otlptracehttp.WithTLSClientConfig(config))
	} else {
		options = append(options, otlptracehttp.WithInsecure())
	}
	if *gzip {
		options = append(options, otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
	}
	return otlptracehttp.New(ctx, options...)
}

// One request of a shop: a server span over database calls of one shape.
func sendTrace(ctx context.Context, tracer trace.Tracer, n int) {
	ctx, root := tracer.Start(ctx, "GET /orders/{id}", trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", "GET"), attribute.String("http.route", "/orders/{id}")))
	for q := range *queries {
		statement := fmt.Sprintf("SELECT name FROM items WHERE id = %d", n**queries+q)
		_, span := tracer.Start(ctx, "SELECT items", trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(attribute.String("db.system", "postgresql"), attribute.String("db.statement", statement)))
		span.End()
	}
	root.End()
	fmt.Println(root.SpanContext().TraceID())
}

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	var failures atomic.Int32
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		failures.Add(1)
		log.Print(err)
	}))
	exporter, err := newExporter(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter, sdktrace.WithMaxQueueSize(1<<16)),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "interop-go"))))
	tracer := provider.Tracer("interop")
	for n := range *traces {
		sendTrace(ctx, tracer, n)
	}
	if err := provider.ForceFlush(ctx); err != nil {
		log.Fatal("flush: ", err)
	}
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal("shutdown: ", err)
	}
	if failures.Load() > 0 {
		log.Fatal("the SDK reported errors")
	}
}
