#include "report/ci/code_path.h"

#include <algorithm>

#include "base/text.h"

namespace sentinel::report {
namespace {

// Spellings of "..", "%" and overlong UTF-8 that a careless decoder would act on; case counts.
constexpr std::string_view kForbidden[] = {":",   ".%2e", ".%2E", "%2e.", "%2E.",   "%25",
                                           "%c0", "%C0",  "%c1",  "%C1",  "%e0%80", "%E0%80"};

bool has_parent_segment(std::string_view path) {
  for (;;) {
    const std::size_t end = path.find_first_of("/\\");
    if (path.substr(0, end) == "..") return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

// unreserved, sub-delims, "@" and "/" of RFC 3986; ":" is never in an acceptable path.
constexpr bool stands_in_uri(char c) {
  return base::is_alnum(c) || std::string_view("-._~!$&'()*+,;=@/").find(c) != std::string_view::npos;
}

// A path for tools: no file name ends with a slash, and "." is a directory.
bool names_a_file(std::string_view path) { return !path.empty() && path != "." && path.back() != '/' && !base::is_blank(path); }

}  // namespace

bool is_acceptable_path(std::string_view path) {
  if (path.starts_with('/') || path.starts_with('\\') || has_parent_segment(path)) return false;
  if (std::ranges::any_of(kForbidden, [&](std::string_view part) { return path.find(part) != std::string_view::npos; })) {
    return false;
  }
  return !base::contains_ignoring_case(path, "%2e%2e") && !base::has_control(path) && !base::has_invisible(path);
}

std::optional<std::string_view> code_path(const model::Finding& finding) {
  const std::string_view path = finding.code_location.filepath;
  if (path.data() == nullptr || !is_acceptable_path(path)) return std::nullopt;
  return path;
}

FileLine file_line(const model::Finding& finding, std::string_view fallback) {
  if (const auto raw = code_path(finding)) {
    std::string path(*raw);
    std::ranges::replace(path, '\\', '/');
    while (path.starts_with("./")) path.erase(0, 2);
    if (names_a_file(path) && path.front() != '/')
      return {std::move(path), std::max(1U, finding.code_location.lineno.value_or(1))};
  }
  return {std::string(fallback), 1};
}

void append_uri(std::string& out, std::string_view path) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : path) {
    if (stands_in_uri(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

}  // namespace sentinel::report
