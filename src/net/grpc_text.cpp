#include "net/grpc_text.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "net/grpc.h"

namespace sentinel::net {
namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out += static_cast<char>(value);
}

// Without padding, as binary metadata is sent.
std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += kDigits[held << (6 - bits) & 63];
  return out;
}

}  // namespace

std::string escape_grpc_message(std::string_view message) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(message.size());
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && std::string_view("\"#%<>`?{}").find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::optional<std::chrono::milliseconds> parse_grpc_timeout(std::string_view value) {
  if (value.size() < 2 || value.size() > 9) return std::nullopt;
  std::int64_t amount = 0;
  const char* end = value.data() + value.size() - 1;
  const auto [stop, error] = std::from_chars(value.data(), end, amount);
  if (error != std::errc() || stop != end || value.front() == '-') return std::nullopt;
  // Below a millisecond the clock of a loop sees nothing: rounded up.
  switch (value.back()) {
    case 'H':
      return std::chrono::hours(amount);
    case 'M':
      return std::chrono::minutes(amount);
    case 'S':
      return std::chrono::seconds(amount);
    case 'm':
      return std::chrono::milliseconds(amount);
    case 'u':
      return std::chrono::milliseconds((amount + 999) / 1000);
    case 'n':
      return std::chrono::milliseconds((amount + 999'999) / 1'000'000);
    default:
      return std::nullopt;
  }
}

bool is_grpc_content_type(std::string_view value) {
  constexpr std::string_view kType = "application/grpc";
  if (!value.starts_with(kType)) return false;
  return value.size() == kType.size() || value[kType.size()] == '+' || value[kType.size()] == ';';
}

GrpcReply default_grpc_reply(MessageProblem problem) {
  const auto reply = [](GrpcStatus status, const char* message) { return GrpcReply{status, message, {}, {}}; };
  switch (problem) {
    case MessageProblem::kUnknownEncoding:
      return {GrpcStatus::kUnimplemented,
              "this grpc-encoding is not supported",
              {},
              {{"grpc-accept-encoding", "gzip,deflate,identity"}}};
    case MessageProblem::kTooLargeOnWire:
      return reply(GrpcStatus::kOutOfRange, "the message is larger than allowed");
    case MessageProblem::kTooLargeDecoded:
      return reply(GrpcStatus::kResourceExhausted, "the decompressed message is larger than allowed");
    case MessageProblem::kMissing:
      return reply(GrpcStatus::kInternal, "the request has no message");
    case MessageProblem::kCut:
      return reply(GrpcStatus::kInternal, "the request ends within its message");
    case MessageProblem::kBadFlag:
      return reply(GrpcStatus::kInternal, "the compression flag does not fit the grpc-encoding");
    case MessageProblem::kUndecodable:
      return reply(GrpcStatus::kInternal, "the message cannot be decompressed");
    case MessageProblem::kNoSlot:
      return retry_later("too many requests at once, retry", std::chrono::seconds(1));
  }
  return reply(GrpcStatus::kInternal, "bug: unknown problem");
}

GrpcReply GrpcHandler::on_problem(const RequestHead& /*head*/, MessageProblem problem) { return default_grpc_reply(problem); }

GrpcReply retry_later(std::string message, std::chrono::seconds after) {
  const auto field = [](char tag, std::string_view bytes) {
    return std::string{tag} + varint(bytes.size()) + std::string(bytes);
  };
  // Duration {1 seconds}, RetryInfo {1 retry_delay}, Any {1 type_url, 2 value}, Status {1 code, 2 message, 3 details}.
  const std::string duration = "\x08" + varint(static_cast<std::uint64_t>(after.count()));
  const std::string any = field(0x0a, "type.googleapis.com/google.rpc.RetryInfo") + field(0x12, field(0x0a, duration));
  const std::string status =
      "\x08" + varint(static_cast<std::uint64_t>(GrpcStatus::kUnavailable)) + field(0x12, message) + field(0x1a, any);
  return {GrpcStatus::kUnavailable, std::move(message), {}, {{"grpc-status-details-bin", base64(status)}}};
}

GrpcReply health_reply(std::string_view request, const std::vector<HealthEntry>& services) {
  // HealthCheckRequest {1 service string}; the last one counts, an empty message asks for the whole server.
  std::string_view service;
  while (!request.empty()) {
    const auto size = request.size() < 2 ? 256U : static_cast<unsigned char>(request[1]);
    if (request[0] != 0x0a || size >= 128 || request.size() < 2 + size)
      return {GrpcStatus::kInvalidArgument, "not a HealthCheckRequest", {}, {}};
    service = request.substr(2, size);
    request.remove_prefix(2 + size);
  }
  for (const HealthEntry& entry : services)
    if (entry.service == service) return {GrpcStatus::kOk, {}, entry.serving ? "\x08\x01" : "\x08\x02", {}};
  return {GrpcStatus::kNotFound, "unknown service", {}, {}};
}

}  // namespace sentinel::net
