#include "report/ci/markdown_text.h"

#include <algorithm>

#include "base/number_format.h"
#include "base/text.h"

namespace sentinel::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

constexpr bool is_plain(char c) {
  return base::is_alnum(c) || std::string_view(" ./,;?=+-%(){}").find(c) != std::string_view::npos;
}

constexpr bool is_line_end(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

constexpr bool is_control(std::uint32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

void append_reference(std::string& out, char c) {
  out += "&#";
  base::append_unsigned(out, static_cast<unsigned char>(c));
  out += ';';
  if (c == '@') out += "&#8203;";  // a mention is looked for once references are resolved
}

}  // namespace

MarkdownText& MarkdownText::number(std::uint64_t value) {
  base::append_unsigned(out_, value);
  return *this;
}

void MarkdownText::escaped(std::string_view text, std::size_t max_bytes) {
  const bool is_cut = text.size() > max_bytes;
  if (is_cut) text = base::truncate_utf8(text, max_bytes);
  while (!text.empty()) {
    const base::Utf8Character c = base::first_character(text);
    if (is_line_end(c.code)) {
      out_ += ' ';
    } else if (is_control(c.code)) {
      out_ += '?';
    } else if (c.code == 0xFFFFFFFF) {
      out_ += kReplacement;
    } else if (c.code >= 0x80) {
      if (!base::is_invisible(c.code)) out_ += text.substr(0, c.length);
    } else if (is_plain(text.front())) {
      out_ += text.front();
    } else {
      append_reference(out_, text.front());
    }
    text.remove_prefix(c.length);
  }
  if (is_cut) out_ += kEllipsis;
}

MarkdownText& MarkdownText::code(std::string_view text, std::size_t max_bytes) {
  out_ += "<code>";
  escaped(text, max_bytes);
  out_ += "</code>";
  return *this;
}

MarkdownText& MarkdownText::prose(std::string_view text, std::size_t max_bytes) {
  escaped(base::strip_code_ticks(text), max_bytes);
  return *this;
}

}  // namespace sentinel::report
