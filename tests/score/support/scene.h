// A small language for scoring tests: describe spans, get the Scores of one scene.
//
//   Scene scene;
//   scene.span("t1", "order-svc", "GET /o").sql("SELECT 1").at("2025-07-10T14:32:01Z");
//   const Scores scores = scene.score();
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "model/finding.h"
#include "model/symbols.h"
#include "model/trace_set.h"
#include "score/score.h"

namespace sentinel::score::test {

class Scene;

class SpanBuilder {
 public:
  SpanBuilder(Scene& scene, std::size_t span) : scene_(scene), span_(span) {}

  SpanBuilder& sql(std::string_view statement);
  SpanBuilder& http(std::string_view target = {});  // the callee's region comes from the configuration
  SpanBuilder& messaging();
  SpanBuilder& response(std::uint64_t bytes);
  SpanBuilder& region(std::string_view id);
  SpanBuilder& at(std::string_view timestamp);  // canonical ones become values, others stay text

 private:
  model::SpanRecord& record();
  model::SpanExtra& extra();

  Scene& scene_;
  std::size_t span_;
};

class Scene {
 public:
  config::GreenConfig config;
  std::vector<model::Finding> findings;
  DaemonInputs daemon;

  // An SQL span without statement until it is told otherwise, at 2025-07-10T14:32:01.000Z.
  SpanBuilder span(std::string_view trace, std::string_view service, std::string_view endpoint = "GET /");

  // A finding of `occurrences`; its texts become those of the scene.
  void finding(model::FindingType type, std::string_view trace, std::string_view template_text, std::uint64_t occurrences,
               std::string_view service = "a", std::string_view endpoint = "GET /");

  [[nodiscard]] Scores score(unsigned threads = 1);

  [[nodiscard]] std::vector<const model::SpanRecord*> spans() const {
    std::vector<const model::SpanRecord*> all;
    for (const model::SpanRecord& record : records_) all.push_back(&record);
    return all;
  }

  model::Symbols symbols;

 private:
  friend class SpanBuilder;
  std::deque<model::SpanRecord> records_;
};

}  // namespace sentinel::score::test
