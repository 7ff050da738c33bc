// The rules of chapter 01 §10.1 and §10.2 written down byte by byte, with no thought of speed: what the normalisers are
// compared with by the tests, the fuzz targets and the benchmark. Shares no code with them.
#pragma once

#include <cstdint>
#include <cstring>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "normalize/scratch.h"

namespace sentinel::normalize::oracle {

struct Answer {
  std::string text;
  std::vector<std::string> params;
  friend bool operator==(const Answer&, const Answer&) = default;
};

inline std::ostream& operator<<(std::ostream& os, const Answer& answer) {
  os << "template <" << answer.text << "> params";
  for (const std::string& p : answer.params) os << " <" << p << ">";
  return os;
}

// The packed answer of a normaliser taken apart. An unsound packing gives parameters that no oracle has.
inline Answer unpack(const Normalized& normalized) {
  Answer answer{std::string(normalized.text), {}};
  std::string_view rest = normalized.params;
  for (std::uint32_t i = 0; i < normalized.param_count; ++i) {
    std::uint32_t size = 0;
    if (rest.size() < sizeof size) return {"packed parameters end early", {}};
    std::memcpy(&size, rest.data(), sizeof size);
    rest.remove_prefix(sizeof size);
    if (rest.size() < size) return {"packed parameter is longer than the list", {}};
    answer.params.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  if (!rest.empty()) return {"packed parameters go on after the last", {}};
  return answer;
}

inline bool digit(char c) { return c >= '0' && c <= '9'; }
inline bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool word(char c) { return digit(c) || letter(c) || c == '_'; }
inline bool ascii_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

// -- SQL

inline const std::vector<std::string>& unicode_spaces() {
  static const std::vector<std::string> kSpaces = {"\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085",
                                                   "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                                   "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u2028",
                                                   "\u2029", "\u202F", "\u205F", "\u3000"};
  return kSpaces;
}

inline std::size_t skip_spaces(std::string_view s, std::size_t i) {
  for (bool more = true; more;) {
    more = false;
    for (const std::string& space : unicode_spaces()) {
      if (s.substr(i).starts_with(space)) {
        i += space.size();
        more = true;
      }
    }
  }
  return i;
}

// End of a match of the list pattern that starts at `i`, npos when there is none.
inline std::size_t list_end(std::string_view s, std::size_t i) {
  const auto at = [&](std::size_t k) { return k < s.size() ? s[k] : '\0'; };
  constexpr std::size_t kNone = std::string_view::npos;
  if ((at(i) != 'i' && at(i) != 'I') || (at(i + 1) != 'n' && at(i + 1) != 'N')) return kNone;
  i = skip_spaces(s, i + 2);
  if (at(i) != '(') return kNone;
  for (;;) {
    i = skip_spaces(s, i + 1);
    if (at(i) != '?') return kNone;
    i = skip_spaces(s, i + 1);
    if (at(i) == ')') return i + 1;
    if (at(i) != ',') return kNone;
  }
}

inline std::string collapse(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t end = list_end(s, i);
    if (end == std::string_view::npos) {
      out += s[i++];
    } else {
      out += "IN (?)";
      i = end;
    }
  }
  return out;
}

inline Answer sql(std::string_view s) {
  Answer answer;
  bool in_flag = false;
  std::size_t i = 0;
  const auto at = [&](std::size_t k) { return k < s.size() ? s[k] : '\0'; };
  while (i < s.size()) {
    const char c = s[i];
    if (c == '\'') {
      std::string content;
      for (++i; i < s.size(); ++i) {
        if (s[i] != '\'') {
          content += s[i];
        } else if (at(i + 1) == '\'') {
          content += '\'';
          ++i;
        } else {
          ++i;
          break;
        }
      }
      answer.text += '?';
      answer.params.push_back(content);
      continue;
    }
    if (c == '"' || c == '`') {
      answer.text += s[i++];
      while (i < s.size()) {
        answer.text += s[i];
        if (s[i++] == c) break;
      }
      continue;
    }
    if (c == '$' && digit(at(i + 1))) {
      answer.text += "$?";
      for (++i; digit(at(i));) ++i;
      continue;
    }
    if (c == '$') {
      std::size_t tag_end = i + 1;
      while (word(at(tag_end))) ++tag_end;
      if (at(tag_end) == '$') {
        const std::string_view tag = s.substr(i, tag_end + 1 - i);
        const std::size_t close = s.find(tag, tag_end + 1);
        answer.text += '?';
        if (close == std::string_view::npos) {
          answer.params.emplace_back(s.substr(tag_end + 1));
          i = s.size();
        } else {
          answer.params.emplace_back(s.substr(tag_end + 1, close - tag_end - 1));
          i = close + tag.size();
        }
        continue;
      }
    }
    if (digit(c) && (i == 0 || !word(s[i - 1]))) {
      std::string number;
      bool point = false;
      while (digit(at(i)) || (at(i) == '.' && !point)) {
        point = point || s[i] == '.';
        number += s[i++];
      }
      answer.text += '?';
      answer.params.push_back(number);
      continue;
    }
    if ((c == 'i' || c == 'I') && (at(i + 1) == 'n' || at(i + 1) == 'N') && (i == 0 || ascii_space(s[i - 1])) &&
        !digit(at(i + 2)) && !letter(at(i + 2))) {
      in_flag = true;
    }
    answer.text += c;
    ++i;
  }
  if (in_flag) answer.text = collapse(answer.text);
  return answer;
}

// -- HTTP

inline std::vector<std::string> split(std::string_view s, char separator) {
  std::vector<std::string> pieces(1);
  for (const char c : s) {
    if (c == separator) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  return pieces;
}

inline bool only_digits(std::string_view s) {
  for (const char c : s) {
    if (!digit(c)) return false;
  }
  return !s.empty();
}

inline bool uuid(std::string_view s) {
  if (s.size() != 36) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = digit(s[i]) || (s[i] >= 'a' && s[i] <= 'f') || (s[i] >= 'A' && s[i] <= 'F');
    if (dash ? s[i] != '-' : !hex) return false;
  }
  return true;
}

inline std::string host_of(std::string_view authority) {
  if (const std::size_t user_end = authority.rfind('@'); user_end != std::string_view::npos)
    authority.remove_prefix(user_end + 1);
  if (authority.starts_with('[')) return {};
  std::string_view host = authority.substr(0, authority.find(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::vector<std::string> labels = split(host, '.');
  bool numeric = labels.size() == 4;
  for (const std::string& label : labels) numeric = numeric && only_digits(label);
  if (numeric) return {};
  std::string out(host);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

inline Answer http(std::string_view method, std::string_view target) {
  std::string_view rest = target;
  std::string host;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    const std::size_t end = rest.find_first_of("/?#");
    host = host_of(rest.substr(0, end));
    rest = end == std::string_view::npos || rest[end] == '#' ? "/" : rest.substr(end);
    break;
  }
  Answer answer;
  std::string_view path = rest;
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    path = rest.substr(0, question);
    for (const std::string& piece : split(rest.substr(question + 1), '&')) {
      if (answer.params.size() < 100) answer.params.push_back(piece);
    }
  }
  answer.text = std::string(method) + " " + host;
  if (path.empty()) path = "/";
  bool first = true;
  for (const std::string& segment : split(path, '/')) {
    if (!first) answer.text += '/';
    first = false;
    const bool is_uuid = uuid(segment);
    if (is_uuid || only_digits(segment)) {
      answer.params.push_back(segment);
      answer.text += is_uuid ? "{uuid}" : "{id}";
    } else {
      answer.text += segment;
    }
  }
  return answer;
}

}  // namespace sentinel::normalize::oracle
