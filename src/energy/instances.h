// Power of cloud instances, also of types that no table knows (chapter 04 §13.7). Pure function, any thread.
#pragma once

#include <string_view>

namespace sentinel::energy {

struct Power {
  double idle_watts = 0.0;
  double max_watts = 0.0;
};

// Of the type as the table has it, case counts; else what is usual at the provider ("aws", "gcp", "azure", others).
[[nodiscard]] Power power_of(std::string_view instance_type, std::string_view provider);

}  // namespace sentinel::energy
