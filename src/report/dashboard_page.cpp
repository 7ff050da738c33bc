#include "report/dashboard_page.h"

#include <array>
#include <cassert>
#include <cstdint>

#include "base/text.h"

namespace sentinel::report {
namespace {

constexpr std::string_view kTitleMark = "<!--sentinel:title-->";
constexpr std::string_view kConnectMark = "<!--sentinel:connect-->";  // inside the content policy
constexpr std::string_view kDataMark = "<!--sentinel:data-->";

// Characters that a title must not hold: control characters, direction marks and overrides, line separators, byte-order mark.
bool is_unwanted(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

// Bytes of the character that `text` begins with, 0 where it is not UTF-8.
std::size_t sequence_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (base::is_valid_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

std::uint32_t code_point(std::string_view text, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  if (length == 1) return byte(0);
  std::uint32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return code;
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

// JSON as a script block may hold it: "<" could begin an end tag or a comment, and the line separators of Unicode end lines in
// scripts of old browsers. They stand only in strings, where an escape means the same.
void append_data(std::string& out, std::string_view json) {
  constexpr std::string_view kLineSeparators = "\xE2\x80";  // then A8 or A9
  for (std::size_t at = 0;;) {
    std::size_t next = at;
    while (next < json.size() && json[next] != '<' && json[next] != '\xE2') ++next;
    out.append(json, at, next - at);
    if (next == json.size()) return;
    at = next + 1;
    if (json[next] == '<') {
      out += "\\u003c";
      continue;
    }
    const std::string_view three = json.substr(next, 3);
    if (three.size() == 3 && three.starts_with(kLineSeparators) && (three[2] == '\xA8' || three[2] == '\xA9')) {
      out += three[2] == '\xA8' ? "\\u2028" : "\\u2029";
      at = next + 3;
    } else {
      out += json[next];
    }
  }
}

}  // namespace

std::string clean_label(std::string_view label) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string out;
  for (std::size_t at = 0; at < label.size();) {
    const std::string_view rest = label.substr(at);
    const std::size_t length = sequence_length(rest);
    if (length == 0) {  // file names may hold any bytes
      out += kReplacement;
      ++at;
      continue;
    }
    if (!is_unwanted(code_point(rest, length))) out.append(rest, 0, length);
    at += length;
  }
  return out;
}

std::string fill_dashboard(std::string_view label, std::string_view json, std::string_view daemon_url) {
  std::string_view page = dashboard_template();
  std::string out;
  out.reserve(page.size() + json.size() + json.size() / 64 + 2 * label.size() + daemon_url.size());
  const auto up_to = [&](std::string_view mark) {
    const std::size_t at = page.find(mark);
    assert(at != std::string_view::npos);
    out += page.substr(0, at);
    page.remove_prefix(at + mark.size());
  };
  up_to(kConnectMark);
  if (!daemon_url.empty()) {
    out += "; connect-src 'self' ";
    append_html(out, daemon_url);
  }
  up_to(kTitleMark);
  const std::string name = clean_label(label);
  append_html(out, name.empty() || name == "-" ? "perf-sentinel report" : "perf-sentinel: " + name);
  up_to(kDataMark);
  out += '\n';
  append_data(out, json);
  out += '\n';
  out += page;
  return out;
}

}  // namespace sentinel::report
