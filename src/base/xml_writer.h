// Writes one XML 1.0 document into a string, an element a line, indented by two spaces.
//
// Attributes follow their element at once, text comes after them; closing is the caller's. Texts may hold anything: markup is
// escaped, invisible characters are dropped, and what XML 1.0 does not allow (control characters, lone surrogates, U+FFFE,
// bytes that are not UTF-8) becomes U+FFFD. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sentinel::base {

class XmlWriter {
 public:
  explicit XmlWriter(std::string& out);

  XmlWriter& open(std::string_view element);
  XmlWriter& attribute(std::string_view name, std::string_view text);
  XmlWriter& attribute(std::string_view name, std::uint64_t value);
  XmlWriter& text(std::string_view text);  // the element then stays on one line
  XmlWriter& close();

 private:
  void end_tag_head();
  void line();

  std::string& out_;
  std::vector<std::string_view> open_;  // names must outlive the element: literals
  bool in_head_ = false;
  bool has_text_ = false;
};

// `text` fit for an element and for an attribute between double quotes.
void append_xml_text(std::string& out, std::string_view text);

}  // namespace sentinel::base
