// Building Markdown that shows untrusted text as text, on GitHub and GitLab (chapter 07 §2.5).
//
// Whatever could be markup, a mention, an emoji, a link or a quick action is written as character references, which never act
// as syntax; line ends become blanks, so that nothing from outside begins a line. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::report {

class MarkdownText {
 public:
  explicit MarkdownText(std::string& out) : out_(out) {}

  // Text of our own.
  MarkdownText& add(std::string_view markdown) {
    out_ += markdown;
    return *this;
  }
  MarkdownText& number(std::uint64_t value);

  // Text from outside, at most `max_bytes` of it and then an ellipsis: as code, or as prose without its backticks.
  MarkdownText& code(std::string_view text, std::size_t max_bytes);
  MarkdownText& prose(std::string_view text, std::size_t max_bytes);

  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  void escaped(std::string_view text, std::size_t max_bytes);

  std::string& out_;
};

}  // namespace sentinel::report
