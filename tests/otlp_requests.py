"""OTLP requests for tests, as JSON and as protobuf by hand. Standard library only."""

import json

JSON = {"Content-Type": "application/json"}
PROTOBUF = {"Content-Type": "application/x-protobuf"}
START_NS = 1_752_157_921_000_000_000


# -- JSON

def attribute(key, value):
    return {"key": key, "value": {"stringValue": value}}


def trace(number, statements):
    """Spans of a request and its statements: an N+1 where there are five or more. One span more that is no I/O."""
    trace_id = f"{number:032x}"
    spans = [{"traceId": trace_id, "spanId": f"{number * 1000:016x}", "name": "GET /orders", "kind": 2,
              "startTimeUnixNano": str(START_NS), "endTimeUnixNano": str(START_NS + 90_000_000),
              "attributes": [attribute("http.request.method", "GET"), attribute("http.route", "/orders/{id}")]}]
    for i in range(statements):
        at = START_NS + i * 2_000_000
        spans.append({"traceId": trace_id, "spanId": f"{number * 1000 + i + 1:016x}", "parentSpanId": f"{number * 1000:016x}",
                      "name": "query", "kind": 3, "startTimeUnixNano": str(at), "endTimeUnixNano": str(at + 800_000),
                      "attributes": [attribute("db.system", "postgresql"),
                                     attribute("db.statement", f"SELECT * FROM line WHERE id = {i}")]})
    return spans


def export(spans):
    """A request of service `orders`, to be sent with JSON."""
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [attribute("service.name", "orders")]},
                                          "scopeSpans": [{"spans": spans}]}]}).encode()


# -- protobuf

def varint(n):
    out = b""
    while n >= 0x80:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def field(number, value):
    """A length-delimited field, or a fixed64 for numbers."""
    if isinstance(value, int):
        return varint(number << 3 | 1) + value.to_bytes(8, "little")
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def key_value(key, value):
    return field(1, key) + field(2, field(1, value))


def request(trace=1, spans=3):
    """A request of service `cart` with one trace of database calls, to be sent with PROTOBUF: an N+1 from five on."""
    scope = b"".join(
        field(2, field(1, trace.to_bytes(16, "big")) + field(2, (trace * 100 + i).to_bytes(8, "big")) + varint(6 << 3) + varint(3)
              + field(7, START_NS) + field(8, START_NS + 800_000)
              + field(9, key_value("db.system", "postgresql"))
              + field(9, key_value("db.statement", f"SELECT * FROM t WHERE id = {i}")))
        for i in range(spans))
    return field(1, field(1, field(1, key_value("service.name", "cart"))) + field(2, scope))
