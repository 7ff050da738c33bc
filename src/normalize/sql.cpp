#include "normalize/sql.h"

#include <array>
#include <cstring>

#include "base/text.h"
#include "normalize/in_list.h"

namespace sentinel::normalize {

namespace {

// Packed bytes that one byte of a statement can become: "1''" holds the parameters "1" and "", nine bytes.
constexpr std::size_t kSqlPackedPerByte = 3;

constexpr std::array<bool, 256> kIsWord = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[static_cast<std::size_t>(c)] = c < 0x80 && (base::is_alnum(static_cast<char>(c)) || c == '_');
  return table;
}();

bool is_word(char c) { return kIsWord[static_cast<unsigned char>(c)]; }

// The functions below read a padded statement (Scratch::padded): the padding ends words and numbers and holds no quote. Each
// gives back where the statement goes on.

const char* skip_digits(const char* p) {
  while (base::is_digit(*p)) ++p;
  return p;
}

// Digits and at most one point.
const char* take_number(const char* from, const char* digits_end, ParamWriter& params) {
  const char* end = skip_digits(digits_end);
  if (*end == '.') end = skip_digits(end + 1);
  params.add(from, static_cast<std::size_t>(end - from));
  return end;
}

// The content of a string literal, from behind its opening quote; '' stands for one quote.
const char* take_string(const char* from, const char* end, ParamWriter& params) {
  char* to = params.open();
  while (from < end) {
    const Block block = Block::load(from);
    block.store(to);
    const unsigned quotes = mask_of(block.equal('\''));
    if (quotes == 0) {
      from += Block::kSize;
      to += Block::kSize;
      continue;
    }
    const auto size = std::countr_zero(quotes);
    from += size + 1;
    if (*from != '\'') {
      params.close(to + size);
      return from;
    }
    to += size + 1;
    ++from;
  }
  params.close(to - (from - end));
  return end;
}

// Copies a quoted identifier, both quotes included. Unterminated: the rest.
const char* copy_identifier(const char* from, const char* end, char*& out, const char* text, ListMarks& lists) {
  const char quote = *from;
  const auto offset = static_cast<std::size_t>(out - text);
  const char* p = from + 1;
  *out++ = quote;
  unsigned parens = 0;
  unsigned quotes = 0;
  for (; p < end && quotes == 0; p += Block::kSize, out += Block::kSize) {
    const Block block = Block::load(p);
    block.store(out);
    quotes = mask_of(block.equal(quote));
    parens |= mask_of(block.equal('(')) & (quotes == 0 ? ~0U : (quotes & (0 - quotes)) - 1);
  }
  // Back from the end of the last block to behind the quote, or to the end.
  const char* next = quotes != 0 ? p - Block::kSize + std::countr_zero(quotes) + 1 : end;
  out -= p - next;
  if (parens != 0) lists.note_range(offset, static_cast<std::size_t>(out - text) - 1);
  return next;
}

// The content between two equal $tag$; `content` is behind the first one. End of input closes it.
const char* take_dollar_quoted(std::string_view tag, const char* content, const char* end, ParamWriter& params) {
  const std::string_view rest(content, static_cast<std::size_t>(end - content));
  std::size_t size = rest.find(tag);
  const char* next = size == std::string_view::npos ? end : content + size + tag.size();
  if (size == std::string_view::npos) size = rest.size();
  params.add(content, size);
  return next;
}

// A "$" at `at`: positional placeholder, dollar quote or an ordinary byte. Writes what stands for it.
const char* take_dollar(const char* at, const char* end, char*& out, ParamWriter& params) {
  if (base::is_digit(at[1])) {
    *out++ = '$';
    *out++ = '?';
    return skip_digits(at + 1);
  }
  const char* tag_end = at + 1;
  while (is_word(*tag_end)) ++tag_end;
  if (*tag_end != '$') {
    *out++ = '$';
    return at + 1;
  }
  ++tag_end;
  *out++ = '?';
  return take_dollar_quoted({at, static_cast<std::size_t>(tag_end - at)}, tag_end, end, params);
}

}  // namespace

Normalized normalize_sql(std::string_view statement, Scratch& scratch) {
  const char* const begin = Scratch::padded(statement, scratch.statement);
  const char* const end = begin + statement.size();
  char* const text = scratch.text.reserve(statement.size() + Scratch::kSlack);
  ParamWriter params(scratch.params.reserve(statement.size() * kSqlPackedPerByte + ParamWriter::kHeader + Scratch::kSlack));
  ListMarks lists;
  std::string_view number;  // the last one
  const char* in = begin;
  char* out = text;
  // Each round copies a block and stops behind the first literal or quoted identifier in it, where the next one starts.
  while (in < end) {
    const Block block = Block::load(in);
    block.store(out);
    const Block::Matches digits = block.within('0', '9');
    unsigned hits = mask_of(digits | block.within('"', '(') | block.equal('`'));
    const char* next = in + Block::kSize;
    char* next_out = out + Block::kSize;
    for (; hits != 0; hits &= hits - 1) {
      const int offset = std::countr_zero(hits);
      const char* at = in + offset;
      char* at_out = out + offset;
      switch (*at) {
        case '#':
        case '%':
        case '&':
          continue;
        case '(':
          lists.note(begin, at, static_cast<std::size_t>(at_out - text));
          continue;
        case '"':
        case '`':
          next = copy_identifier(at, end, at_out, text, lists);
          break;
        case '$':
          next = take_dollar(at, end, at_out, params);
          break;
        case '\'':
          *at_out++ = '?';
          next = take_string(at + 1, end, params);
          break;
        default:
          if (is_word(at[-1])) continue;
          *at_out++ = '?';
          next = take_number(at, at + std::countr_one(mask_of(digits) >> offset), params);
          number = {at, static_cast<std::size_t>(next - at)};
      }
      next_out = at_out;
      break;
    }
    in = next;
    out = next_out;
  }
  out -= in - end;
  const std::string_view text_view(text, static_cast<std::size_t>(out - text));
  if (lists.any()) return {collapse_in_lists(text_view, lists, scratch.rewritten), params.packed(), params.count(), {}, {}};
  if (params.count() != 1) number = {};
  return {text_view, params.packed(), params.count(), {begin, statement.size()}, number};
}

}  // namespace sentinel::normalize
