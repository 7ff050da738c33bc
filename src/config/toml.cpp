#include "config/toml.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "config/toml_scalar.h"

namespace sentinel::config::toml {

const Value* Value::find(std::string_view key) const {
  const Table* table = as<Table>();
  if (table == nullptr) return nullptr;
  const auto it = table->find(key);
  return it == table->end() ? nullptr : &it->second;
}

std::string_view Value::type_name() const {
  constexpr std::string_view kNames[] = {"a string", "an integer", "a float", "a boolean", "a date", "an array", "a table"};
  return kNames[static_cast<std::size_t>(kind_)];
}

namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

int hex_value(char c) {
  if (base::is_digit(c)) return c - '0';
  const char lower = base::to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

// Recursive descent over the text; each step answers false after having set error_.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  base::Result<Value> run() {
    root_.set(Table());
    root_.where_ = {1, 1};
    current_ = &root_;
    if (!document()) return base::Error{error_.what, error_.where, ""};
    return std::move(root_);
  }

 private:
  using Shape = Value::Shape;
  struct Key {
    std::string name;
    Position where;
  };
  using Path = std::vector<Key>;

  // -- characters

  [[nodiscard]] bool at_end() const { return pos_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[pos_]; }
  [[nodiscard]] bool next_is(std::string_view what) const { return text_.substr(pos_).starts_with(what); }
  [[nodiscard]] Position here() const { return {line_, static_cast<std::uint32_t>(pos_ - line_start_ + 1)}; }

  bool fail(std::string_view what) { return fail_at(here(), what); }
  bool fail_at(Position where, std::string_view what) {
    error_.what = what;
    error_.where = "line " + std::to_string(where.line) + ", column " + std::to_string(where.column);
    return false;
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++pos_;
  }

  // At a line end: takes it. A carriage return counts only before a line feed.
  bool take_newline() {
    if (next_is("\r\n")) ++pos_;
    if (peek() != '\n' || at_end()) return false;
    ++pos_;
    ++line_;
    line_start_ = pos_;
    return true;
  }

  bool skip_comment() {
    if (peek() != '#') return true;
    for (++pos_; !at_end() && peek() != '\n' && !next_is("\r\n"); ++pos_)
      if (static_cast<unsigned char>(peek()) < 0x20 && peek() != '\t') return fail("control character in a comment");
    return true;
  }

  bool end_of_line() {
    skip_blanks();
    if (!skip_comment()) return false;
    return at_end() || take_newline() || fail("expected the end of the line");
  }

  // Blanks, line ends and comments between the parts of an array or inline table.
  bool skip_gaps() {
    for (;;) {
      skip_blanks();
      if (!skip_comment()) return false;
      if (!take_newline()) return true;
    }
  }

  // -- structure

  bool document() {
    while (!at_end()) {
      skip_blanks();
      if (peek() == '[' && !header()) return false;
      if (is_key_start() && !key_value(*current_)) return false;
      if (!end_of_line()) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_key_start() const {
    return !at_end() && peek() != '#' && peek() != '\n' && !next_is("\r\n") && text_[pos_] != '[' && fresh_line();
  }

  // Nothing but blanks before this place on its line; a header is not followed by a key.
  [[nodiscard]] bool fresh_line() const {
    return text_.substr(line_start_, pos_ - line_start_).find_first_not_of(" \t") == std::string_view::npos;
  }

  bool header() {
    const Position where = here();
    const bool tables = next_is("[[");
    pos_ += tables ? 2 : 1;
    Path path;
    if (!key_path(path)) return false;
    if (!next_is(tables ? "]]" : "]")) return fail(tables ? "expected ']]'" : "expected ']'");
    pos_ += tables ? 2 : 1;
    Value* at = &root_;
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      if ((at = enter(*at, path[i])) == nullptr) return false;
    return tables ? open_tables(*at, path.back(), where) : open_table(*at, path.back(), where);
  }

  // The table under `key` on the way of a header, made when absent.
  Value* enter(Value& parent, const Key& key) {
    auto [it, fresh] = parent.as<Table>()->try_emplace(key.name, Table(), key.where);
    Value& child = it->second;
    if (fresh) child.shape_ = Shape::kImplicit;
    if (child.shape_ == Shape::kTables) return &child.as<Array>()->back();
    if (child.as<Table>() != nullptr && child.shape_ != Shape::kClosed) return &child;
    fail_at(key.where, "'" + key.name + "' is already set and cannot be a table");
    return nullptr;
  }

  bool open_table(Value& parent, const Key& key, Position where) {
    auto [it, fresh] = parent.as<Table>()->try_emplace(key.name, Table(), where);
    if (!fresh && it->second.shape_ != Shape::kImplicit) return fail_at(where, "table '" + key.name + "' is defined twice");
    it->second.shape_ = Shape::kHeader;
    it->second.where_ = where;
    current_ = &it->second;
    return true;
  }

  bool open_tables(Value& parent, const Key& key, Position where) {
    auto [it, fresh] = parent.as<Table>()->try_emplace(key.name, Array(), where);
    if (fresh) it->second.shape_ = Shape::kTables;
    if (it->second.shape_ != Shape::kTables) return fail_at(where, "'" + key.name + "' is already set");
    Array& items = *it->second.as<Array>();
    items.emplace_back(Table(), where);
    items.back().shape_ = Shape::kHeader;
    current_ = &items.back();
    return true;
  }

  bool key_value(Value& table) {
    Path path;
    if (!key_path(path)) return false;
    if (peek() != '=') return fail("expected '=' after the key");
    ++pos_;
    skip_blanks();
    Value* at = &table;
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      if ((at = enter_dotted(*at, path[i])) == nullptr) return false;
    auto [it, fresh] = at->as<Table>()->try_emplace(path.back().name, std::string(), path.back().where);
    if (!fresh) return fail_at(path.back().where, "'" + path.back().name + "' is set twice");
    return value(it->second);
  }

  // Dotted keys may add only to tables that no header and no braces defined.
  Value* enter_dotted(Value& parent, const Key& key) {
    auto [it, fresh] = parent.as<Table>()->try_emplace(key.name, Table(), key.where);
    Value& child = it->second;
    if (fresh) child.shape_ = Shape::kDotted;
    if (child.shape_ == Shape::kDotted || child.shape_ == Shape::kImplicit) return &child;
    fail_at(key.where, "'" + key.name + "' is already set and cannot be extended");
    return nullptr;
  }

  bool key_path(Path& path) {
    for (;;) {
      skip_blanks();
      Key key{{}, here()};
      if (!simple_key(key.name)) return false;
      path.push_back(std::move(key));
      if (path.size() > kMaxNesting) return fail("keys nested deeper than 80 levels");
      skip_blanks();
      if (peek() != '.') return true;
      ++pos_;
    }
  }

  bool simple_key(std::string& name) {
    if (peek() == '"') return basic_string(name);
    if (peek() == '\'') return literal_string(name);
    const std::size_t from = pos_;
    while (!at_end() && (base::is_alnum(peek()) || peek() == '_' || peek() == '-')) ++pos_;
    name = text_.substr(from, pos_ - from);
    return !name.empty() || fail("expected a key");
  }

  // -- values

  // Fills `out`, which already stands in its table, with what comes; it is placed at the key's position.
  bool value(Value& out) {
    switch (peek()) {
      case '"':
        return text_value(out, &Parser::basic_string, &Parser::multiline_basic, R"(""")");
      case '\'':
        return text_value(out, &Parser::literal_string, &Parser::multiline_literal, "'''");
      case '[':
        return nested(out, &Parser::array);
      case '{':
        return nested(out, &Parser::inline_table);
      default:
        return scalar(out);
    }
  }

  bool text_value(Value& out, bool (Parser::*one_line)(std::string&), bool (Parser::*many_lines)(std::string&),
                  std::string_view triple) {
    std::string text;
    if (!(this->*(next_is(triple) ? many_lines : one_line))(text)) return false;
    out.set(std::move(text));
    return true;
  }

  bool nested(Value& out, bool (Parser::*read)(Value&)) {
    if (++depth_ > kMaxNesting) return fail("brackets nested deeper than 80 levels");
    ++pos_;
    const bool ok = (this->*read)(out);
    --depth_;
    return ok;
  }

  bool scalar(Value& out) {
    const std::string_view token = text_.substr(pos_, scalar_length(text_.substr(pos_)));
    const std::string_view problem = parse_scalar(token, out);
    if (!problem.empty()) return fail(problem);
    pos_ += token.size();
    return true;
  }

  bool array(Value& out) {
    Array items;
    for (;;) {
      if (!skip_gaps()) return false;
      if (peek() == ']') break;
      items.emplace_back(std::string(), here());
      if (!value(items.back()) || !skip_gaps()) return false;
      if (peek() == ']') break;
      if (peek() != ',') return fail("expected ',' or ']' in the array");
      ++pos_;
    }
    ++pos_;
    out.set(std::move(items));
    return true;
  }

  bool inline_table(Value& out) {
    out.set(Table());
    for (;;) {
      if (!skip_gaps()) return false;
      if (peek() == '}') break;
      if (!key_value(out) || !skip_gaps()) return false;
      if (peek() == '}') break;
      if (peek() != ',') return fail("expected ',' or '}' in the inline table");
      ++pos_;
    }
    ++pos_;
    close_all(out);
    return true;
  }

  // Nothing may be added to a table in braces, nor to what dotted keys made inside it.
  static void close_all(Value& table) {
    table.shape_ = Shape::kClosed;
    for (auto& [key, child] : *table.as<Table>())
      if (child.shape_ == Shape::kDotted) close_all(child);
  }

  // -- strings

  // One character of a string: neither a control character but tab, nor the end of the document.
  bool plain_char(std::string& out) {
    if (at_end()) return fail("the string has no end");
    const auto c = static_cast<unsigned char>(peek());
    if (c == '\n' || next_is("\r\n")) return fail("a line end inside a one-line string");
    if ((c < 0x20 && c != '\t') || c == 0x7F) return fail("control character in a string");
    out += peek();
    ++pos_;
    return true;
  }

  bool basic_string(std::string& out) {
    for (++pos_; peek() != '"' || at_end();)
      if (!(peek() == '\\' ? escape(out) : plain_char(out))) return false;
    ++pos_;
    return true;
  }

  bool literal_string(std::string& out) {
    for (++pos_; peek() != '\'' || at_end();)
      if (!plain_char(out)) return false;
    ++pos_;
    return true;
  }

  bool multiline_basic(std::string& out) {
    pos_ += 3;
    take_newline();
    for (;;) {
      if (take_newline()) {
        out += '\n';
      } else if (next_is(R"(""")")) {
        return close_multiline(out, '"');
      } else if (peek() == '\\') {
        if (!(line_continues() ? skip_to_text() : escape(out))) return false;
      } else if (!plain_char(out)) {
        return false;
      }
    }
  }

  bool multiline_literal(std::string& out) {
    pos_ += 3;
    take_newline();
    for (;;) {
      if (take_newline()) {
        out += '\n';
      } else if (next_is("'''")) {
        return close_multiline(out, '\'');
      } else if (!plain_char(out)) {
        return false;
      }
    }
  }

  // Up to two quotes may stand right before the closing three.
  bool close_multiline(std::string& out, char quote) {
    std::size_t quotes = 0;
    while (!at_end() && peek() == quote && quotes < 5) {
      ++pos_;
      ++quotes;
    }
    out.append(quotes - 3, quote);
    return true;
  }

  // A backslash with nothing but blanks up to the line end.
  [[nodiscard]] bool line_continues() const {
    std::size_t at = pos_ + 1;
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    return text_.substr(at).starts_with('\n') || text_.substr(at).starts_with("\r\n");
  }

  bool skip_to_text() {
    ++pos_;
    do skip_blanks();
    while (take_newline());
    return true;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kLetters = "btnfre\"\\";
    constexpr std::string_view kMeanings = "\b\t\n\f\r\x1B\"\\";
    ++pos_;
    const char letter = peek();
    if (const std::size_t i = kLetters.find(letter); !at_end() && i != std::string_view::npos) {
      out += kMeanings[i];
      ++pos_;
      return true;
    }
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits == 0) return fail("unknown escape after the backslash (write \\\\, or use '…')");
    ++pos_;
    return unicode_escape(digits, out);
  }

  bool unicode_escape(std::size_t digits, std::string& out) {
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i, ++pos_) {
      const int value = at_end() ? -1 : hex_value(peek());
      if (value < 0) return fail("expected a hexadecimal digit in the escape");
      code = code << 4 | static_cast<std::uint32_t>(value);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return fail("the escape names no character");
    append_utf8(out, code);
    return true;
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  unsigned depth_ = 0;
  Value root_;
  Value* current_ = nullptr;
  base::Error error_;
};

base::Result<Value> parse(std::string_view text) { return Parser(text).run(); }

}  // namespace sentinel::config::toml
