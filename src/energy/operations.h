// I/O operations by service, as the daemon counts them on intake: what measured energy is divided by (chapter 04 §13.1).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sentinel::energy {

using OpsByService = std::map<std::string, std::uint64_t, std::less<>>;

struct Operations {
  OpsByService total;  // since start
  OpsByService delta;  // since the last tick, whatever became of it; only what is above 0

  [[nodiscard]] std::uint64_t since_last(std::string_view service) const {
    const auto found = delta.find(service);
    return found == delta.end() ? 0 : found->second;
  }
};

}  // namespace sentinel::energy
