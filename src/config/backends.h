// The optional sections of [green] in the order of chapter 04 §12, each with when it is on and what it talks to.
// Constant data, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace sentinel::config {

struct Backend {
  std::string_view name;     // "alumet"
  std::string_view section;  // "green.alumet"
  bool (*active)(const GreenConfig&);
  std::string (*address)(const GreenConfig&);  // only when active; empty: it talks to nothing
};

[[nodiscard]] std::span<const Backend> backends();

// nullptr when the section is none of them.
[[nodiscard]] const Backend* find_backend(std::string_view section);

}  // namespace sentinel::config
