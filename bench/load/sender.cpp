#include "load/sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sentinel::load {
namespace {

// Frames of RFC 9113.
constexpr unsigned char kData = 0, kHeaders = 1, kResetStream = 3, kSettings = 4, kPing = 6, kGoaway = 7, kWindowUpdate = 8;
constexpr unsigned char kEndStream = 1, kAck = 1, kEndHeaders = 4;
constexpr std::size_t kHead = 9;
constexpr std::size_t kFrame = 16'384;
constexpr std::size_t kMostPieces = 512;  // of one sendmsg

void append_frame(std::string& out, std::size_t size, unsigned char kind, unsigned char flags, std::uint32_t stream) {
  for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
  out += static_cast<char>(kind);
  out += static_cast<char>(flags);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(stream >> shift);
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

// The fields of a request. The first time each goes into the receiver's table, from then on by its number there, as clients do.
std::string fields(const Target& target, bool first) {
  std::vector<std::pair<std::string, std::string>> all = {
      {":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"},
      {":authority", target.host + ":" + std::to_string(target.port)},
      {"content-type", "application/grpc"},
      {"te", "trailers"},
      {"user-agent", "perf-sentinel-bench-load"}};
  if (target.gzip) all.emplace_back("grpc-encoding", "gzip");
  std::string out = "\x83\x86";  // :method POST, :scheme http
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!first) {
      out += static_cast<char>(0x80 | (62 + all.size() - 1 - i));
      continue;
    }
    out += '\x40';
    for (const std::string& text : {all[i].first, all[i].second}) (out += static_cast<char>(text.size())) += text;
  }
  return out;
}

// "grpc-status" and "0", the former in HPACK's Huffman code: how the end of a good call is told without a table.
constexpr std::string_view kStatusOk = "\x9a\xca\xc8\xb2\x12\x34\xda\x8f\x01\x30";

}  // namespace

Sender::Sender(const Target& target) : target_(target) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (inet_pton(AF_INET, target.host.c_str(), &address.sin_addr) != 1 ||
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fd_ = fd;
  if (!target.grpc) return;
  // No table for answers, so that their fields are always written out.
  frames_ = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  append_frame(frames_, 6, kSettings, 0, 0);
  frames_.append(std::string_view("\0\1\0\0\0\0", 6));
  queue(frames_);
  send_more();
}

Sender::~Sender() {
  if (fd_ >= 0) close(fd_);
}

bool Sender::ready(std::size_t size) const {
  if (fd_ < 0 || in_flight_ || !out_.empty()) return false;
  return !target_.grpc || (greeted_ && window_ >= static_cast<std::int64_t>(size + 5));
}

void Sender::begin(std::string_view request) {
  in_flight_ = true;
  target_.grpc ? begin_grpc(request) : begin_http(request);
}

void Sender::begin_http(std::string_view request) {
  frames_ = "POST /v1/traces HTTP/1.1\r\nHost: " + target_.host + "\r\nContent-Type: application/x-protobuf\r\n" +
            (target_.gzip ? "Content-Encoding: gzip\r\n" : "") + "Content-Length: " + std::to_string(request.size()) +
            "\r\n\r\n";
  queue(frames_);
  queue(request);
}

void Sender::begin_grpc(std::string_view request) {
  const std::string head = fields(target_, stream_ == 1);
  frames_.clear();
  append_frame(frames_, head.size(), kHeaders, kEndHeaders, stream_);
  frames_ += head;
  // The message: five bytes of prefix, then the request, in frames of kFrame bytes.
  std::vector<std::size_t> cuts;  // of frames_: a piece of the request follows each
  std::size_t left = request.size() + 5;
  for (bool prefix = true; left > 0; prefix = false) {
    const std::size_t size = std::min(left, kFrame);
    left -= size;
    append_frame(frames_, size, kData, left == 0 ? kEndStream : 0, stream_);
    if (prefix) {
      frames_ += target_.gzip ? '\1' : '\0';
      for (int shift = 24; shift >= 0; shift -= 8) frames_ += static_cast<char>(request.size() >> shift);
    }
    cuts.push_back(frames_.size());
  }
  window_ -= static_cast<std::int64_t>(request.size() + 5);
  std::size_t from = 0;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    queue(std::string_view(frames_).substr(from, cuts[i] - from));
    from = cuts[i];
    const std::size_t size = std::min(request.size(), i == 0 ? kFrame - 5 : kFrame);
    queue(request.substr(0, size));
    request.remove_prefix(size);
  }
  stream_ += 2;
}

bool Sender::send_more() {
  while (!out_.empty()) {
    msghdr message{};
    message.msg_iov = out_.data();
    message.msg_iovlen = std::min(out_.size(), kMostPieces);
    const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    auto left = static_cast<std::size_t>(sent);
    std::size_t done = 0;
    while (done < out_.size() && left >= out_[done].iov_len) left -= out_[done++].iov_len;
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(done));
    if (!out_.empty()) {
      out_.front().iov_base = static_cast<char*>(out_.front().iov_base) + left;
      out_.front().iov_len -= left;
    }
  }
  return true;
}

Outcome Sender::receive() {
  char bytes[16 * 1024];
  const ssize_t got = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Outcome::kPending;
  if (got <= 0) return Outcome::kBroken;
  in_.append(bytes, static_cast<std::size_t>(got));
  const Outcome outcome = target_.grpc ? read_grpc() : read_http();
  if (outcome != Outcome::kPending) in_flight_ = false;
  return outcome;
}

Outcome Sender::read_http() {
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return Outcome::kPending;
  std::size_t length = 0;
  for (const char* name : {"content-length: ", "Content-Length: "}) {
    const std::size_t at = in_.find(name);
    if (at < end) length = static_cast<std::size_t>(std::strtoul(in_.c_str() + at + std::strlen(name), nullptr, 10));
  }
  if (in_.size() < end + 4 + length) return Outcome::kPending;
  const bool ok = in_.starts_with("HTTP/1.1 200 ");
  in_.erase(0, end + 4 + length);
  return ok ? Outcome::kOk : Outcome::kRefused;
}

Outcome Sender::read_grpc() {
  Outcome outcome = Outcome::kPending;
  std::string_view rest = in_;
  while (rest.size() >= kHead) {
    const std::size_t size = big_endian(rest) >> 8;
    if (rest.size() < kHead + size) break;
    const Outcome one = take_frame(static_cast<unsigned char>(rest[3]), static_cast<unsigned char>(rest[4]),
                                   big_endian(rest.substr(5)), rest.substr(kHead, size));
    if (one != Outcome::kPending) outcome = one;
    rest.remove_prefix(kHead + size);
  }
  in_.erase(0, in_.size() - rest.size());
  return outcome;
}

Outcome Sender::take_frame(unsigned char kind, unsigned char flags, std::uint32_t stream, std::string_view payload) {
  std::string answer;
  if (kind == kSettings && (flags & kAck) == 0) {
    append_frame(answer, 0, kSettings, kAck, 0);
    greeted_ = true;
  } else if (kind == kPing && (flags & kAck) == 0) {
    append_frame(answer, payload.size(), kPing, kAck, 0);
    answer += payload;
  } else if (kind == kWindowUpdate && stream == 0) {
    window_ += big_endian(payload);
  } else if (kind == kGoaway || kind == kResetStream) {
    return Outcome::kBroken;
  } else if (kind == kHeaders && (flags & kEndStream) != 0) {
    return payload.find(kStatusOk) != std::string_view::npos ? Outcome::kOk : Outcome::kRefused;
  }
  // Answers are a few bytes between requests, for which a socket always has room.
  if (!answer.empty() && send(fd_, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return Outcome::kBroken;
  return Outcome::kPending;
}

}  // namespace sentinel::load
