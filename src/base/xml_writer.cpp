#include "base/xml_writer.h"

#include "base/number_format.h"
#include "base/text.h"
#include "base/text_scan.h"

namespace sentinel::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool is_xml_character(std::uint32_t c) {
  return c >= 0x20 && c != 0x7F && !(c >= 0x80 && c <= 0x9F) && c != 0xFFFE && c != 0xFFFF && c <= 0x10FFFF;
}

// Markup and white space that an attribute would lose; empty when `c` stands for itself.
constexpr std::string_view entity(std::uint32_t c) {
  switch (c) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) {
  for (std::size_t at = 0;;) {
    const std::size_t next = find_byte<XmlSpecial>(text, at);
    out.append(text, at, next - at);
    if (next == text.size()) return;
    const Utf8Character c = first_character(text.substr(next));
    if (const std::string_view escaped = entity(c.code); !escaped.empty()) {
      out += escaped;
    } else if (!is_xml_character(c.code)) {
      out += kReplacement;
    } else if (!is_invisible(c.code)) {
      out.append(text, next, c.length);
    }
    at = next + c.length;
  }
}

XmlWriter::XmlWriter(std::string& out) : out_(out) { out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"; }

void XmlWriter::line() {
  out_ += '\n';
  out_.append(2 * open_.size(), ' ');
}

void XmlWriter::end_tag_head() {
  if (in_head_) out_ += '>';
  in_head_ = false;
}

XmlWriter& XmlWriter::open(std::string_view element) {
  end_tag_head();
  line();
  out_ += '<';
  out_ += element;
  open_.push_back(element);
  in_head_ = true;
  has_text_ = false;
  return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view text) {
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_xml_text(out_, text);
  out_ += '"';
  return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::uint64_t value) {
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_unsigned(out_, value);
  out_ += '"';
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view text) {
  end_tag_head();
  has_text_ = true;
  for (;;) {  // line ends of our own stay as they are
    const std::size_t end = text.find('\n');
    append_xml_text(out_, text.substr(0, end));
    if (end == std::string_view::npos) return *this;
    out_ += '\n';
    text.remove_prefix(end + 1);
  }
}

XmlWriter& XmlWriter::close() {
  const std::string_view element = open_.back();
  open_.pop_back();
  if (in_head_) {
    out_ += "/>";
    in_head_ = false;
  } else {
    if (!has_text_) line();
    out_ += "</";
    out_ += element;
    out_ += '>';
  }
  has_text_ = false;
  if (open_.empty()) out_ += '\n';
  return *this;
}

}  // namespace sentinel::base
