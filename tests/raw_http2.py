"""HTTP/2 by hand, for tests that send what no client library would: frames, fields without compression, and what comes back.
Standard library only."""

import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS = 1, 1, 4
ENHANCE_YOUR_CALM = 11
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def integer(value, prefix, first=0):
    """An HPACK integer of that prefix; `first` holds the bits before it."""
    most = (1 << prefix) - 1
    if value < most:
        return bytes([first | value])
    out, value = bytes([first | most]), value - most
    while value >= 128:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(name, value, indexed=False):
    """A literal field; `indexed` puts it into the table of the other side (as index 62)."""
    text = b"".join(integer(len(t), 7) + t for t in (name.encode(), value.encode()))
    return (b"\x40" if indexed else b"\x00") + text


def head(path=EXPORT, method="POST", **more):
    fields = {":method": method, ":scheme": "http", ":path": path, ":authority": "x"}
    if path == EXPORT:
        fields.update({"content-type": "application/grpc", "te": "trailers"})
    fields.update({name.replace("_", "-"): value for name, value in more.items()})
    return b"".join(field(name, value) for name, value in fields.items())


def message(body, flag=0):
    return bytes([flag]) + struct.pack(">I", len(body)) + body


class Peer:
    """One connection. Frames that arrive are kept in `frames` as (kind, flags, stream, payload)."""

    def __init__(self, port, begin=True, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.bytes, self.frames, self.ended, self.next_stream = b"", [], False, 1
        if begin:
            # Without a table of fields (SETTINGS_HEADER_TABLE_SIZE 0) every answer spells its fields out: status_in().
            self.send(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 1, 0)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """What the other side does not want any more is nobody's fault."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def step(self, limit):
        """Reads once, at most that many seconds."""
        self.socket.settimeout(max(limit, 0.001))
        try:
            got = self.socket.recv(65536)
        except (TimeoutError, socket.timeout):
            return
        except OSError:
            got = b""
        self.ended = not got
        self.bytes += got
        while len(self.bytes) >= 9:
            size = int.from_bytes(self.bytes[:3], "big")
            if len(self.bytes) < 9 + size:
                return
            kind, flags = self.bytes[3], self.bytes[4]
            stream = int.from_bytes(self.bytes[5:9], "big") & 0x7FFFFFFF
            self.frames.append((kind, flags, stream, self.bytes[9:9 + size]))
            self.bytes = self.bytes[9 + size:]

    def until(self, found, limit=10):
        """The first frame for which `found(kind, flags, stream, payload)` holds, or None."""
        end, seen = time.monotonic() + limit, 0
        while True:
            for one in self.frames[seen:]:
                if found(*one):
                    return one
            seen = len(self.frames)
            if self.ended or time.monotonic() > end:
                return None
            self.step(end - time.monotonic())

    def goaway(self, limit=10):
        """The code of the GOAWAY, or None."""
        got = self.until(lambda kind, *_: kind == GOAWAY, limit)
        return got and int.from_bytes(got[3][4:8], "big")

    def ping(self, limit=10):
        """Whether the other side still answers."""
        self.send(frame(PING, 0, 0, b"alive?!?"))
        return self.until(lambda kind, flags, _, payload: kind == PING and flags & ACK and payload == b"alive?!?", limit) is not None

    def call(self, body, flag=0, limit=20, **fields):
        """A gRPC export; its grpc-status, or None when there is none."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        self.send(frame(HEADERS, END_HEADERS, stream, head(**fields)))
        data = message(body, flag)
        for at in range(0, len(data), 16384):
            self.send(frame(DATA, 0, stream, data[at:at + 16384]))
        self.send(frame(DATA, END_STREAM, stream))
        last = self.until(lambda kind, flags, of, _: kind == HEADERS and of == stream and flags & END_STREAM, limit)
        return last and status_in(last[3])


def status_in(block):
    """grpc-status of a block of fields, as they come to a Peer: spelled out."""
    at = block.index(GRPC_STATUS) + len(GRPC_STATUS)
    return int(block[at + 1:at + 1 + block[at]])


GRPC_STATUS = bytes.fromhex("9acac8b21234da8f")  # "grpc-status" in HPACK's Huffman code
