// The second step of the SQL normaliser: lists of bare "?" after "in" become "IN (?)" (chapter 01 §10.1).
//
// The first pass notes where such a list can begin, so that most statements never come here. Pure functions.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "normalize/scratch.h"

namespace sentinel::normalize {

// The opening parentheses of a template that may begin a list to collapse, as offsets into it.
class ListMarks {
 public:
  // `paren` points at a "(" of the statement that was copied to `offset` of the template; `begin` is where the padded
  // statement starts.
  void note(const char* begin, const char* paren, std::size_t offset);

  // Every "(" in [first, last] of the template may be one: the inside of a quoted identifier.
  void note_range(std::size_t first, std::size_t last);

  [[nodiscard]] bool any() const { return first_ <= last_; }
  [[nodiscard]] std::size_t first() const { return first_; }
  [[nodiscard]] std::size_t last() const { return last_; }

  // Some list is preceded by IN as a word: the IN flag is known to be set.
  [[nodiscard]] bool after_keyword() const { return after_keyword_; }

 private:
  std::size_t first_ = std::numeric_limits<std::size_t>::max();
  std::size_t last_ = 0;
  bool after_keyword_ = false;
};

// `text` with its lists collapsed, in `rewritten` where anything changed. Unchanged when IN is not among its words.
[[nodiscard]] std::string_view collapse_in_lists(std::string_view text, const ListMarks& marks, Buffer& rewritten);

}  // namespace sentinel::normalize
