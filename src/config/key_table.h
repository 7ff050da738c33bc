// The table of all configuration keys: parsing, bounds, advice, `validate --explain` and docs/configuration.md read its rows
// (chapter 06 §2; chapter 11 §3 for [telemetry]).
//
// A row names its field by a function from Config to a reference; its type and default follow from the field. Keys of tables
// with free names ("<name>") and those with a reader of their own have no field but say their type in words. Constant data,
// any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace sentinel::config {

// Keys that are read in a way of their own: how to show their value.
using Show = std::string (*)(const Config&);

using Field = std::variant<std::monostate, bool& (*)(Config&), std::uint8_t& (*)(Config&), std::uint16_t& (*)(Config&),
                           std::uint32_t& (*)(Config&), std::uint64_t& (*)(Config&), double& (*)(Config&),
                           std::optional<std::uint32_t>& (*)(Config&), std::optional<double>& (*)(Config&),
                           std::string& (*)(Config&), std::optional<std::string>& (*)(Config&),
                           std::vector<std::string>& (*)(Config&), StringMap& (*)(Config&), Show>;

struct KeyRow {
  std::string_view section;
  std::string_view key;
  Field field;
  std::string_view type = {};  // in words; empty: follows from the field
  std::string_view unit = {};
  std::optional<double> min = {};  // hard bounds, both included
  std::optional<double> max = {};
  bool zero_is_off = false;  // 0 is allowed below min
  std::optional<double> advice_min = {};
  std::optional<double> advice_max = {};
  std::string_view advice_low = {};  // what follows from a value below the advice
  std::string_view advice_high = {};
  std::string_view allowed = {};      // in words
  std::string_view bound_name = {};   // in bound messages; empty: the key
  std::string_view bound_note = {};   // reason, after a bound message
  std::string_view environment = {};  // variable that wins over the files
  bool secret = false;
  std::string_view help = {};

  [[nodiscard]] std::string path() const { return std::string(section) + "." + std::string(key); }
  [[nodiscard]] std::string_view name_in_bounds() const { return bound_name.empty() ? key : bound_name; }
};

struct SectionRow {
  std::string_view name;
  bool strict = false;  // unknown keys are errors
  std::string_view help = {};
};

[[nodiscard]] std::span<const KeyRow> key_table();          // grouped by section
[[nodiscard]] std::span<const SectionRow> section_table();  // in the order of the key table

// -- rows whose field is a whole number

[[nodiscard]] bool is_whole_number(const KeyRow& row);
// Hard bounds, those of the type included.
struct WholeBounds {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};
[[nodiscard]] WholeBounds whole_bounds(const KeyRow& row);
[[nodiscard]] std::uint64_t whole_number(const KeyRow& row, const Config& config);
void set_whole_number(const KeyRow& row, Config& config, std::uint64_t value);  // within the bounds

// nullptr when there is no such key or section.
[[nodiscard]] const KeyRow* find_key(std::string_view path);
[[nodiscard]] const SectionRow* find_section(std::string_view name);

// "integer (32 bits)", "text", …
[[nodiscard]] std::string_view type_words(const KeyRow& row);

// The value as it would stand in a file; "unset" for an absent one. Secrets are not masked. Rows of "<name>" tables: "".
[[nodiscard]] std::string value_text(const KeyRow& row, const Config& config);

// The known name that `name` is probably a misspelling of; empty when none is close.
[[nodiscard]] std::string_view closest(std::string_view name, std::span<const std::string_view> known);

}  // namespace sentinel::config
