#include "config/key_table.h"

#include <algorithm>
#include <type_traits>

#include "base/number_format.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

constexpr std::string_view kUnset = "unset";

std::string to_text(bool value) { return value ? "true" : "false"; }
std::string to_text(double value) {
  if (value == 0.0) return "0.0";
  std::string text;
  base::append_json_float(text, value);
  return text == "null" ? (value != value ? "nan" : value < 0 ? "-inf" : "inf") : text;
}
template <class Integer>
requires std::is_unsigned_v<Integer> std::string to_text(Integer value) { return std::to_string(value); }
std::string to_text(const std::string& value) { return quoted(value); }
std::string to_text(const StringMap& value) {
  return table_text(value, [](const std::string& text) { return quoted(text); });
}
std::string to_text(const std::vector<std::string>& value) {
  std::string text = "[";
  for (const std::string& item : value) text += (text.size() > 1 ? ", " : "") + quoted(item);
  return text + "]";
}
template <class T>
std::string to_text(const std::optional<T>& value) {
  return value ? to_text(*value) : std::string(kUnset);
}

// In the order of Field's alternatives.
constexpr std::string_view kTypeWords[] = {"",
                                           "boolean",
                                           "integer (8 bits)",
                                           "integer (16 bits)",
                                           "integer (32 bits)",
                                           "integer (64 bits)",
                                           "number",
                                           "integer (32 bits)",
                                           "number",
                                           "text",
                                           "text",
                                           "list of texts",
                                           "table of texts",
                                           ""};
static_assert(std::size(kTypeWords) == std::variant_size_v<Field>);

// Single-character edits between two names, given up past `limit`.
std::size_t edits(std::string_view a, std::string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

bool is_whole_number(const KeyRow& row) {
  return std::holds_alternative<std::uint32_t& (*)(Config&)>(row.field) ||
         std::holds_alternative<std::uint64_t& (*)(Config&)>(row.field);
}

WholeBounds whole_bounds(const KeyRow& row) {
  // TOML integers end at 2^63 - 1.
  const bool narrow = std::holds_alternative<std::uint32_t& (*)(Config&)>(row.field);
  const std::uint64_t widest = narrow ? 0xFFFF'FFFFU : 0x7FFF'FFFF'FFFF'FFFFU;
  return {static_cast<std::uint64_t>(row.min.value_or(0.0)), row.max ? static_cast<std::uint64_t>(*row.max) : widest};
}

std::uint64_t whole_number(const KeyRow& row, const Config& config) {
  Config& place = const_cast<Config&>(config);  // the accessor only gives the place
  if (const auto* narrow = std::get_if<std::uint32_t& (*)(Config&)>(&row.field)) return (*narrow)(place);
  return std::get<std::uint64_t& (*)(Config&)>(row.field)(place);
}

void set_whole_number(const KeyRow& row, Config& config, std::uint64_t value) {
  if (const auto* narrow = std::get_if<std::uint32_t& (*)(Config&)>(&row.field)) {
    (*narrow)(config) = static_cast<std::uint32_t>(value);
  } else {
    std::get<std::uint64_t& (*)(Config&)>(row.field)(config) = value;
  }
}

const KeyRow* find_key(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string_view section = path.substr(0, dot);
  const std::string_view key = path.substr(dot + 1);
  for (const KeyRow& row : key_table())
    if (row.key == key && row.section == section) return &row;
  return nullptr;
}

const SectionRow* find_section(std::string_view name) {
  for (const SectionRow& row : section_table())
    if (row.name == name) return &row;
  return nullptr;
}

std::string_view type_words(const KeyRow& row) { return row.type.empty() ? kTypeWords[row.field.index()] : row.type; }

std::string value_text(const KeyRow& row, const Config& config) {
  return std::visit(
      [&config](auto field) -> std::string {
        using F = decltype(field);
        if constexpr (std::is_same_v<F, std::monostate>) {
          return "";
        } else if constexpr (std::is_same_v<F, Show>) {
          return field(config);
        } else {
          return to_text(field(const_cast<Config&>(config)));  // the accessor only gives the place
        }
      },
      row.field);
}

std::string_view closest(std::string_view name, std::span<const std::string_view> known) {
  const std::size_t limit = std::max<std::size_t>(2, name.size() / 3);
  constexpr std::size_t kLongestName = 64;
  if (name.size() > kLongestName) return {};
  std::string_view best;
  std::size_t best_edits = limit + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edits(name, candidate, limit);
    if (distance < best_edits) {
      best_edits = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace sentinel::config
