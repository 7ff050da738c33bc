// Building text for a terminal: optional colours, and untrusted text made safe on its way in (chapter 06 §1.3).
//
// Without colours every style is the empty one, so that callers write one layout for both. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "model/finding.h"

namespace sentinel::report {

// Escape sequences that start a style; each styled piece of text ends with a reset.
namespace style {
inline constexpr std::string_view kNone;
inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kDim = "\x1b[2m";
inline constexpr std::string_view kRed = "\x1b[31m";
inline constexpr std::string_view kGreen = "\x1b[32m";
inline constexpr std::string_view kYellow = "\x1b[33m";
inline constexpr std::string_view kCyan = "\x1b[36m";
inline constexpr std::string_view kBoldCyan = "\x1b[1m\x1b[36m";
inline constexpr std::string_view kBoldYellow = "\x1b[1m\x1b[33m";
inline constexpr std::string_view kBoldRed = "\x1b[1m\x1b[31m";
inline constexpr std::string_view kBoldGreen = "\x1b[1m\x1b[32m";
inline constexpr std::string_view kBoldDim = "\x1b[1m\x1b[2m";
}  // namespace style

class TerminalText {
 public:
  explicit TerminalText(bool colors) : colors_(colors) {}

  // Text of our own.
  TerminalText& add(std::string_view text) {
    out_ += text;
    return *this;
  }
  TerminalText& add(std::string_view text, std::string_view style);
  TerminalText& number(std::uint64_t value);
  TerminalText& line_end() {
    out_ += '\n';
    return *this;
  }

  // Text from outside: invisible characters dropped, control characters replaced.
  TerminalText& untrusted(std::string_view text);
  TerminalText& untrusted(std::string_view text, std::string_view style);
  // The same without backticks: suggestions and recommendations.
  TerminalText& advice(std::string_view text);

  // A style over several calls.
  TerminalText& begin(std::string_view style);
  TerminalText& end(std::string_view style);

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool colors_;
};

[[nodiscard]] std::string_view severity_style(model::Severity severity);
[[nodiscard]] std::string_view bold_severity_style(model::Severity severity);
[[nodiscard]] std::string_view band_style(model::Band band);

// "namespace.function (file:line)", as much of it as there is; empty when nothing can be shown. Not made safe yet.
[[nodiscard]] std::string location_text(const model::CodeLocation& location);

}  // namespace sentinel::report
