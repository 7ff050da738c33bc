#include "cli/arguments.h"

#include <charconv>

namespace sentinel::cli {

const Flag* Arguments::find_flag(std::string_view name) const {
  for (const Command* command : path) {
    for (const Flag& flag : command->flags) {
      if (flag.name == name) return &flag;
    }
  }
  return nullptr;
}

const Arguments::Value* Arguments::find_value(std::string_view name) const {
  for (const Value& value : values) {
    if (value.flag->name == name) return &value;
  }
  return nullptr;
}

bool Arguments::typed(std::string_view flag) const {
  const Value* value = find_value(flag);
  return value != nullptr && value->typed;
}

std::optional<std::string_view> Arguments::text(std::string_view flag) const {
  if (const Value* value = find_value(flag)) return value->text;
  const Flag* row = find_flag(flag);
  if (row == nullptr || row->fallback.empty() || row->computed_fallback) return std::nullopt;
  return row->fallback;
}

std::optional<std::uint64_t> Arguments::number(std::string_view flag) const {
  if (const Value* value = find_value(flag)) return value->number;
  const auto fallback = text(flag);
  if (!fallback) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(fallback->data(), fallback->data() + fallback->size(), number);
  return number;
}

std::vector<std::string_view> Arguments::all(std::string_view flag) const {
  std::vector<std::string_view> out;
  for (const Value& value : values) {
    if (value.flag->name == flag) out.push_back(value.text);
  }
  return out;
}

}  // namespace sentinel::cli
