// Events for tests that run commands.
#pragma once

#include <string>

#include "support/json.h"

namespace sentinel::cli {

// `count` queries of one shape in trace `trace`, as the text of a file: from five on a warning, from ten on a critical N+1.
inline std::string queries(const std::string& trace, int count, const std::string& table = "item") {
  nlohmann::json events = nlohmann::json::array();
  for (int i = 0; i < count; ++i) {
    events.push_back({{"timestamp", "2025-07-10T14:32:01.0" + std::to_string(10 + i) + "Z"},
                      {"trace_id", trace},
                      {"span_id", trace + "-" + std::to_string(i)},
                      {"service", "order-svc"},
                      {"type", "sql"},
                      {"operation", "SELECT"},
                      {"target", "SELECT * FROM " + table + " WHERE id = " + std::to_string(i)},
                      {"duration_us", 800},
                      {"source", {{"endpoint", "GET /orders"}, {"method", "load"}}}});
  }
  return events.dump();
}

}  // namespace sentinel::cli
