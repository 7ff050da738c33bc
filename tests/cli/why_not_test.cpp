// `explain --why-not` as a whole.
#include <gtest/gtest.h>

#include <string>

#include "cli/events.h"
#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

class WhyNotCommand : public ::testing::Test {
 protected:
  WhyNotCommand() {
    program.file("in.json", queries("t1", 4));
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
