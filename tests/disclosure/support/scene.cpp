#include "disclosure/support/scene.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "disclosure/chain.h"
#include "disclosure/content_hash.h"
#include "disclosure/org_config.h"
#include "support/files.h"

namespace sentinel::disclosure::test {

using nlohmann::json;

const json& vectors(const std::string& key) {
  static const json all = [] {
    std::ifstream file(test_data("08_disclosure_vectors.json"));
    return parsed_json<json>(file);
  }();
  return all.at(key);
}

Directory::Directory() {
  std::string name = ::testing::TempDir() + "/disclosure-XXXXXX";
  path_ = ::mkdtemp(name.data());
}

Directory::~Directory() { std::filesystem::remove_all(path_); }

std::string Directory::file(const std::string& name, std::string_view content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

std::string Directory::content(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

OrgConfig acme() {
  const auto org = parse_org_config(vectors("org_config").get<std::string>(), "org.toml");
  EXPECT_TRUE(org) << org.error().text();
  return *org;
}

PeriodRequest january(std::vector<std::string> inputs) {
  PeriodRequest request;
  request.from = *parse_date("2026-01-01");
  request.to = *parse_date("2026-01-31");
  request.inputs = std::move(inputs);
  return request;
}

std::string lines(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + "\n";
  return out;
}

json report_with(const json& green, std::uint64_t traces) {
  json summary = {{"total_io_ops", 0},
                  {"avoidable_io_ops", 0},
                  {"io_waste_ratio", 0.0},
                  {"io_waste_ratio_band", "healthy"},
                  {"top_offenders", json::array()}};
  summary.update(green);
  return {{"analysis", {{"duration_ms", 0}, {"events_processed", 0}, {"traces_analyzed", traces}}},
          {"findings", json::array()},
          {"green_summary", summary},
          {"quality_gate", {{"passed", true}, {"rules", json::array()}}}};
}

std::string window_line(std::string_view ts, const json& report) { return json{{"ts", ts}, {"report", report}}.dump(); }

std::string chained_line(std::string_view ts, const json& report, std::uint64_t seq, std::string& prev) {
  json line = {{"ts", ts}, {"report", report}, {"seq", seq}, {"prev", prev}};
  base::Arena arena;
  const std::string text = line.dump();
  std::string canonical;
  append_canonical(canonical, *parse_json(text, arena));
  prev = prefixed_sha256(canonical);
  line["hash"] = prev;
  return line.dump();
}

}  // namespace sentinel::disclosure::test
