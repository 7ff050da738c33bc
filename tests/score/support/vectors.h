// Reads the recorded vectors of chapter 04: a scene from its events, configuration and findings, and a summary as JSON.
#pragma once

#include <string>
#include <string_view>

#include "model/report.h"
#include "score/support/scene.h"
#include "support/json.h"

namespace sentinel::score::test {

// The rows under one key of a file of tests/data.
[[nodiscard]] nlohmann::json read_vectors(const std::string& file, const std::string& key);

// The [green] keys that scoring reads, from the plain TOML of the vectors, with the files it names.
[[nodiscard]] config::GreenConfig green_config(std::string_view toml, const nlohmann::json& profiles,
                                               std::string_view calibration);

void add_event(Scene& scene, const nlohmann::json& event);
void add_finding(Scene& scene, const nlohmann::json& finding);

// A summary in the shape of the JSON report, numbers exact.
[[nodiscard]] nlohmann::json to_json(const model::GreenSummary& summary);

}  // namespace sentinel::score::test
