#include "daemon/query_string.h"

#include "base/text.h"

namespace sentinel::daemon {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string unescape(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
  }
  return out;
}

// Bytes that are no UTF-8 replaced one by one.
std::string lossy(std::string text) {
  if (base::is_valid_utf8(text)) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (size <= 4 && i + size <= text.size() && !base::is_valid_utf8(std::string_view(text).substr(i, size))) ++size;
    if (size <= 4 && i + size <= text.size()) {
      out.append(text, i, size);
      i += size;
    } else {
      out.append("\xEF\xBF\xBD");
      ++i;
    }
  }
  return out;
}

}  // namespace

QueryParameters parse_query(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(pair.size(), equals + 1));
    parameters.emplace_back(lossy(unescape(pair.substr(0, equals), true)), lossy(unescape(value, true)));
  }
  return parameters;
}

std::optional<std::string> decode_segment(std::string_view segment) {
  std::string bytes = unescape(segment, false);
  if (!base::is_valid_utf8(bytes)) return std::nullopt;
  return bytes;
}

}  // namespace sentinel::daemon
