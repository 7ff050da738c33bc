// The only file of the client that includes Boost.Beast: its parser, fed by hand.
#include "net/http_answer.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.h"
#include "net/gunzip.h"

namespace sentinel::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Parser = http::response_parser<http::string_body>;

constexpr std::size_t kReadSize = 64 << 10;

Failure too_large(std::size_t cap) {
  return {HttpFault::kTooLarge, "the answer is larger than " + std::to_string(cap) + " bytes"};
}

Failure failure_of(const error_code& error, std::size_t cap) {
  if (error == http::error::body_limit) return too_large(cap);
  if (error == http::error::header_limit) {
    return {HttpFault::kTooLarge, "the head of the answer is larger than " + std::to_string(kMaxHeadBytes) + " bytes"};
  }
  if (error == http::error::partial_message || error == http::error::end_of_stream) {
    return {HttpFault::kCut, "the connection ended inside the answer"};
  }
  return {HttpFault::kProtocol, "the answer is no valid HTTP: " + error.message()};
}

// Bytes of a connection through one parser after the other.
class Reading {
 public:
  Reading(Wire& wire, const AnswerBounds& bounds) : wire_(wire), bounds_(bounds) {}

  std::optional<Failure> read(Parser& parser, bool* began) {
    parser.header_limit(kMaxHeadBytes);
    parser.body_limit(bounds_.max_body);
    parser.eager(true);
    head_ = 0;
    while (!parser.is_done()) {
      error_code error;
      if (buffer_.size() > 0) {
        const std::size_t taken = parser.put(buffer_.data(), error);
        buffer_.consume(taken);
        if (!parser.is_header_done()) head_ += taken;
        if (parser.is_done()) break;
        if (error && error != http::error::need_more) return failure_of(error, bounds_.max_body);
        // Interim answers have no body: the next head follows at once.
        if (!error && buffer_.size() > 0) continue;
      }
      std::size_t got = 0;
      if (auto failure = fill(parser, &got)) return failure;
      if (got == 0) {
        if (!*began) return Failure{HttpFault::kClosed, "the server closed the connection without an answer"};
        parser.put_eof(error);
        if (error) return failure_of(error, bounds_.max_body);
        if (!parser.is_done()) return failure_of(http::error::partial_message, bounds_.max_body);
      }
      *began = true;
    }
    return std::nullopt;
  }

 private:
  std::optional<Failure> fill(const Parser& parser, std::size_t* got) {
    const bool in_body = parser.is_header_done();
    // The parser itself bounds single lines of the head only.
    const std::size_t head = head_ + buffer_.size();
    if (!in_body && head >= kMaxHeadBytes) return failure_of(http::error::header_limit, bounds_.max_body);
    const auto room = buffer_.prepare(in_body ? kReadSize : kMaxHeadBytes - head);
    auto failure = wire_.read(static_cast<char*>(room.data()), room.size(), got, in_body ? bounds_.body : bounds_.head);
    if (failure) {
      if (failure->fault == HttpFault::kTimeout) {
        failure->why = in_body ? "timed out inside the answer" : "timed out waiting for the answer";
      }
      if (failure->fault == HttpFault::kClosed && (in_body || buffer_.size() > 0)) failure->fault = HttpFault::kCut;
      return failure;
    }
    buffer_.commit(*got);
    return std::nullopt;
  }

  Wire& wire_;
  const AnswerBounds& bounds_;
  boost::beast::flat_buffer buffer_;
  std::size_t head_ = 0;  // bytes of the current head that the parser has taken
};

HttpAnswer taken_from(Parser& parser) {
  HttpAnswer answer;
  answer.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    answer.headers.emplace_back(base::ascii_lower({field.name_string().data(), field.name_string().size()}),
                                std::string(field.value().data(), field.value().size()));
  }
  answer.body = std::move(parser.get().body());
  return answer;
}

std::optional<Failure> undo_coding(HttpAnswer& answer, std::size_t cap) {
  const auto coding = answer.header("content-encoding");
  if (!coding || coding->empty() || base::equals_ignoring_case(*coding, "identity") || answer.body.empty()) return std::nullopt;
  if (!base::equals_ignoring_case(*coding, "gzip") && !base::equals_ignoring_case(*coding, "x-gzip")) {
    return Failure{HttpFault::kEncoding,
                   "the answer is compressed as '" + base::for_terminal(*coding) + "', which was not asked for"};
  }
  std::string plain;
  switch (gunzip(answer.body, cap, &plain)) {
    case GunzipVerdict::kDone:
      answer.body = std::move(plain);
      return std::nullopt;
    case GunzipVerdict::kTooLarge:
      return Failure{HttpFault::kTooLarge, "the answer unpacks to more than " + std::to_string(cap) + " bytes"};
    case GunzipVerdict::kBroken:
      break;
  }
  return Failure{HttpFault::kEncoding, "the answer's gzip stream is broken"};
}

}  // namespace

std::optional<std::string_view> HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

ReadAnswer read_answer(Wire& wire, const AnswerBounds& bounds) {
  ReadAnswer out;
  Reading reading(wire, bounds);
  for (int interim = 0; interim <= kMaxInterimAnswers; ++interim) {
    Parser parser;
    out.failure = reading.read(parser, &out.began);
    if (out.failure) return out;
    if (parser.get().result_int() / 100 == 1 && parser.get().result_int() != 101) continue;
    out.reusable = parser.keep_alive();
    out.answer = taken_from(parser);
    out.failure = undo_coding(out.answer, bounds.max_body);
    return out;
  }
  out.failure = Failure{HttpFault::kProtocol, "the server sends interim answers without end"};
  return out;
}

}  // namespace sentinel::net
