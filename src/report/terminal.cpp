#include "report/terminal.h"

#include "base/number_format.h"
#include "base/text.h"

namespace sentinel::report {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

}  // namespace

TerminalText& TerminalText::begin(std::string_view style) {
  if (colors_) out_ += style;
  return *this;
}

TerminalText& TerminalText::end(std::string_view style) {
  if (colors_ && !style.empty()) out_ += kReset;
  return *this;
}

TerminalText& TerminalText::add(std::string_view text, std::string_view style) { return begin(style).add(text).end(style); }

TerminalText& TerminalText::number(std::uint64_t value) {
  base::append_unsigned(out_, value);
  return *this;
}

TerminalText& TerminalText::untrusted(std::string_view text) {
  if (base::is_printable_ascii(text)) return add(text);
  return add(base::for_terminal(text));
}

TerminalText& TerminalText::untrusted(std::string_view text, std::string_view style) {
  return begin(style).untrusted(text).end(style);
}

TerminalText& TerminalText::advice(std::string_view text) { return untrusted(base::strip_code_ticks(text)); }

std::string_view severity_style(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical:
      return style::kRed;
    case model::Severity::kWarning:
      return style::kYellow;
    case model::Severity::kInfo:
      return style::kDim;
  }
  return style::kNone;
}

std::string_view bold_severity_style(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical:
      return style::kBoldRed;
    case model::Severity::kWarning:
      return style::kBoldYellow;
    case model::Severity::kInfo:
      return style::kBoldDim;
  }
  return style::kNone;
}

std::string_view band_style(model::Band band) {
  switch (band) {
    case model::Band::kHealthy:
      return style::kGreen;
    case model::Band::kModerate:
      return style::kNone;
    case model::Band::kHigh:
      return style::kYellow;
    case model::Band::kCritical:
      return style::kRed;
  }
  return style::kNone;
}

std::string location_text(const model::CodeLocation& location) {
  std::string name;
  if (location.code_namespace.data() != nullptr) name.append(location.code_namespace) += '.';
  name += location.function;
  std::string file(location.filepath);
  if (location.filepath.data() != nullptr && location.lineno) {
    file += ':';
    base::append_unsigned(file, *location.lineno);
  }
  if (name.empty() || file.empty()) return name + file;
  return name + " (" + file + ")";
}

}  // namespace sentinel::report
