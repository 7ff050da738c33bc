// The one table of columns that an export may have, by dialect (chapter 02 §5.3, §5.4). Constants, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "dbstat/statement.h"

namespace sentinel::dbstat {

enum class Need : std::uint8_t {
  kRequired,
  kMean,      // worked out from total and calls when missing
  kNullable,  // required in a table, may be missing or null in JSON
  kOptional,  // may be missing, not null
  kSchema,    // may be missing or null
  kExtra,     // kept as a Fact when it can be read, else passed over
};

enum class FactKind : std::uint8_t { kText, kCount, kReal };

struct Column {
  std::string_view names;  // accepted names in lower case, divided by blanks, the preferred one first
  Need need = Need::kRequired;
  std::variant<std::string Statement::*, std::optional<std::string> Statement::*, std::uint64_t Statement::*,
               double Statement::*, FactKind>
      target;
  double divisor = 1.0;             // of times: what makes them milliseconds
  std::string_view fact_name = {};  // kExtra

  // The name that messages use.
  [[nodiscard]] std::string_view name() const { return names.substr(0, names.find(' ')); }
};

// In the order in which missing columns are reported.
[[nodiscard]] std::span<const Column> columns_of(Dialect dialect);

// Most columns of a dialect, for bit sets.
inline constexpr std::size_t kMaxColumns = 32;

// Position among columns_of() of the column called `lower_name`; -1 when there is none.
[[nodiscard]] int column_named(std::span<const Column> columns, std::string_view lower_name);

}  // namespace sentinel::dbstat
