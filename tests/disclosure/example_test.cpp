// The documents of examples/disclosure/: they are what `disclose` makes of the archive beside them, and they hold their rules.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "disclosure/content_hash.h"
#include "disclosure/document_reader.h"
#include "disclosure/document_tree.h"
#include "disclosure/org_config.h"
#include "disclosure/support/scene.h"
#include "support/files.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

const std::string kExamples = in_repository("examples/disclosure/");

std::string content(const std::string& name) {
  std::ifstream file(kExamples + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

PeriodResult reported(Intent intent, Confidentiality confidentiality) {
  PeriodRequest request = january({kExamples + "archive.ndjson"});
  request.intent = intent;
  request.confidentiality = confidentiality;
  request.type = PeriodType::kCalendarMonth;
  request.generated_by = "cli-batch";
  request.generated_at = *parse_instant("2026-02-01T06:00:00Z");
  request.report_uuid =
      intent == Intent::kInternal ? "00000000-0000-4000-8000-000000000001" : "00000000-0000-4000-8000-000000000002";
  request.binary_hash = "sha256:" + std::string(64, '0');
  const auto org = load_org_config(kExamples + "org.toml");
  EXPECT_TRUE(org) << org.error().text();
  return report_period(request, *org);
}

void expect_written(Intent intent, Confidentiality confidentiality, const std::string& example) {
  const PeriodResult result = reported(intent, confidentiality);
  ASSERT_EQ(result.fault, PeriodFault::kNone) << result.error.text();
  EXPECT_EQ(result.report.rejections, std::vector<std::string>{});
  EXPECT_EQ(result.report.warnings, std::vector<std::string>{});
  base::Arena arena;
  const std::string placeholder = "sha256:" + std::string(64, '0');
  const JsonNode tree = with_content_hash(document_tree(result.report.document, arena), placeholder, arena);
  json written = parsed_json<json>(pretty_json(tree));
  json expected = parsed_json<json>(content(example));
  // The version moves with each release.
  for (json* document : {&written, &expected}) {
    (*document)["report_metadata"].erase("perf_sentinel_version");
    (*document)["report_metadata"].erase("binary_version");
    (*document)["methodology"].erase("perf_sentinel_version");
  }
  EXPECT_EQ(written, expected);
}

TEST(Examples, AreWhatDiscloseWrites) {
  expect_written(Intent::kInternal, Confidentiality::kInternal, "internal.json");
  expect_written(Intent::kOfficial, Confidentiality::kPublic, "official-public.json");
}

TEST(Examples, AreInTheFormThatIsHashed) {
  for (const char* name : {"internal.json", "official-public.json"}) {
    base::Arena arena;
    const std::string text = content(name);
    const auto document = read_document(text, arena);
    ASSERT_TRUE(document) << document.error().text();
    EXPECT_EQ(pretty_json(*document), text);
  }
}

TEST(Examples, TheArchiveIsOneChain) {
  const ChainCounts chain = reported(Intent::kInternal, Confidentiality::kInternal).report.document.chain;
  EXPECT_EQ(chain.windows_verified, 27U);
  EXPECT_EQ(chain.breaks, 0U);
}

}  // namespace
}  // namespace sentinel::disclosure::test
