// `explain --why-not` as a whole.
#include <gtest/gtest.h>

#include <string>

#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

class WhyNotCommand : public ::testing::Test {
 protected:
  WhyNotCommand() {
    nlohmann::json events = nlohmann::json::array();
    for (int i = 0; i < 4; ++i) {
      events.push_back({{"timestamp", "2025-07-10T14:32:01.01" + std::to_string(i) + "Z"},
                        {"trace_id", "t1"},
                        {"span_id", std::to_string(i)},
                        {"service", "order-svc"},
                        {"type", "sql"},
                        {"operation", "SELECT"},
                        {"target", "SELECT * FROM item WHERE id = " + std::to_string(i)},
                        {"duration_us", 800},
                        {"source", {{"endpoint", "GET /orders"}, {"method", "load"}}}});
    }
    program.file("in.json", events.dump());
    program.file("report.json", program.run("analyze -i in.json --format json").out);
  }
  [[nodiscard]] Result ask(std::vector<std::string> more) const {
    more.insert(more.begin(), {"explain", "--trace-id", "t1", "--input"});
    return program.run_words(more);
  }
  Program program;
};

TEST_F(WhyNotCommand, AnswersInTextAndJson) {
  const Result text = ask({"in.json", "--why-not", "SELECT * FROM item WHERE id = ?"});
  EXPECT_EQ(text.exit, 0);
  EXPECT_NE(text.out.find("would fire with n_plus_one_min_occurrences = 4\n"), std::string::npos) << text.out;
  const Result json = ask({"in.json", "--why-not", "SELECT * FROM item WHERE id = ?", "--format", "json"});
  EXPECT_EQ(parsed_json<nlohmann::json>(json.out)["detectors"].size(), 7U);
}

TEST_F(WhyNotCommand, AnUnknownTemplateListsThoseOfTheTrace) {
  const Result r = ask({"in.json", "--why-not", "SELECT nothing"});
  EXPECT_EQ(r.exit, 75);
  EXPECT_EQ(r.err,
            "Error: no span of the trace has the template 'SELECT nothing'\n"
            "Error: templates of the trace: SELECT * FROM item WHERE id = ?\n");
}

TEST_F(WhyNotCommand, NeedsTheTracesThemselves) {
  const Result r = ask({"report.json", "--why-not", "x"});
  EXPECT_EQ(r.exit, 75);
  EXPECT_NE(r.err.find("--why-not needs the trace file itself"), std::string::npos);
  EXPECT_EQ(ask({"in.json", "--why-not", "x", "--tui"}).exit, 2) << "they answer different questions";
}

}  // namespace
}  // namespace sentinel::cli
