// The key table against the specification's list of keys (tests/data/config/keys.csv), and each bound of each row.
#include "config/key_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/number_format.h"
#include "support.h"
#include "support/files.h"

namespace sentinel::config {
namespace {

struct Listed {
  std::string section, key, fallback, min, max, strict, advice_min, advice_max, name, variable;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        out.back() += line[i++];
      else
        quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += line[i];
    }
  }
  return out;
}

std::vector<Listed> listed_keys() {
  std::ifstream file(test_data("config/keys.csv"));
  std::vector<Listed> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> c = cells(line);
    rows.push_back({c.at(0), c.at(1), c.at(2), c.at(3), c.at(4), c.at(5), c.at(6), c.at(7), c.at(8), c.at(9)});
  }
  return rows;
}

std::string number(const std::optional<double>& value) { return value ? base::text_plain(*value) : ""; }

TEST(KeyTable, HoldsEveryListedKeyWithItsBounds) {
  const std::vector<Listed> all = listed_keys();
  ASSERT_EQ(all.size(), 113U);
  for (const Listed& listed : all) {
    const std::string path = listed.section + "." + listed.key;
    SCOPED_TRACE(path);
    const KeyRow* row = find_key(path);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->environment, listed.variable);
    EXPECT_EQ(number(row->advice_min), listed.advice_min);
    EXPECT_EQ(number(row->advice_max), listed.advice_max);
    if (!listed.name.empty()) {
      EXPECT_EQ(row->name_in_bounds(), listed.name);
    }
    if (path == "green.service_regions" || listed.max == "1024" || listed.max == "256") continue;  // entries, not values
    if (listed.min == "1 entry") continue;
    EXPECT_EQ(number(row->min), listed.min == ">0" ? "0" : listed.min);
    EXPECT_EQ(number(row->max), listed.max);
    EXPECT_EQ(find_section(listed.section)->strict, listed.strict == "1");
  }
}

TEST(KeyTable, DefaultsAreThoseListed) {
  const Config defaults;
  for (const Listed& listed : listed_keys()) {
    const KeyRow& row = *find_key(listed.section + "." + listed.key);
    std::string text = value_text(row, defaults);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    if (text.empty() || listed.fallback == "deprecated") continue;  // no value of its own
    const bool unset = listed.fallback == "required" || listed.fallback == "generic" || listed.key == "storage_path";
    if (row.key == "region_map") continue;  // required once the section is on, empty before
    EXPECT_EQ(text == "{}" ? "empty" : text, unset ? "unset" : listed.fallback) << row.path();
  }
}

TEST(KeyTable, NoKeyStandsTwiceAndEachHasItsSectionAndHelp) {
  std::set<std::string> paths;
  for (const KeyRow& row : key_table()) {
    EXPECT_TRUE(paths.insert(row.path()).second) << row.path();
    EXPECT_NE(find_section(row.section), nullptr) << row.path();
    EXPECT_FALSE(row.help.empty()) << row.path();
    EXPECT_FALSE(type_words(row).empty()) << row.path();
    EXPECT_EQ(row.advice_min.has_value(), !row.advice_low.empty()) << row.path();
    EXPECT_EQ(row.advice_max.has_value(), !row.advice_high.empty()) << row.path();
  }
}

// -- a walk over all numeric rows: at both bounds, and one past each

// What makes the sections of a row be checked at all.
std::string_view context_of(std::string_view section) {
  constexpr std::pair<std::string_view, std::string_view> kContexts[] = {
      {"green.scaphandre", "endpoint = \"http://h\"\n"},
      {"green.kepler", "endpoint = \"http://h\"\n"},
      {"green.alumet", "endpoint = \"http://h\"\nmetric_name = \"m\"\nlabel_key = \"k\"\n"},
      {"green.redfish", "endpoints.c = { url = \"http://h\", schema = \"legacy_power\" }\n"},
      {"green.cloud", "prometheus_endpoint = \"http://h\"\n"},
      {"green.broker_static", "instance_type = \"m5.large\"\n"},
      {"green.electricity_maps", "api_key = \"k\"\nregion_map = { r = \"Z\" }\n"},
      {"daemon.archive", "path = \"a\"\n"},
  };
  for (const auto& [name, text] : kContexts)
    if (name == section) return text;
  return "";
}

bool is_whole(const KeyRow& row) { return type_words(row).starts_with("integer"); }

std::string document(const KeyRow& row, double value) {
  std::string text = base::text_plain(value);
  if (!is_whole(row) && text.find('.') == std::string::npos) text += ".0";
  return "[" + std::string(row.section) + "]\n" + std::string(context_of(row.section)) + std::string(row.key) + " = " + text +
         "\n";
}

std::string rule_part(const std::string& verdict) { return verdict.substr(0, verdict.find(", got")); }

TEST(KeyTable, EachBoundHoldsAndOnePastItIsRefused) {
  int bounds = 0;
  for (const KeyRow& row : key_table()) {
    if (row.section.find('<') != std::string_view::npos) continue;
    const double step = is_whole(row) ? 1.0 : 0.001;
    const std::string name(row.name_in_bounds());
    SCOPED_TRACE(row.path());
    if (row.min && row.path() != "green.alumet.energy_interval_secs") {
      ++bounds;
      EXPECT_EQ(verdict(document(row, *row.min)), "ok");
      if (*row.min > 0.0 || !is_whole(row)) {
        const std::string refused = verdict(document(row, *row.min - step));
        const bool off = row.zero_is_off && *row.min - step == 0.0;
        EXPECT_EQ(rule_part(refused), off ? "ok" : name + " must be >= " + number(row.min));
      } else {
        EXPECT_NE(verdict(document(row, -1.0)).find("expected a whole number from 0 to"), std::string::npos);
      }
    }
    if (row.max) {
      ++bounds;
      EXPECT_EQ(verdict(document(row, *row.max)), "ok");
      const std::string refused = verdict(document(row, *row.max + step));
      const bool too_wide = row.max == 65535.0;  // a port: one past is no 16-bit number
      EXPECT_EQ(rule_part(refused), too_wide ? std::string(row.path()) + ": expected a whole number from 0 to 65535"
                                             : name + " must be <= " + number(row.max));
    }
  }
  EXPECT_GE(bounds, 50);
}

TEST(KeyTable, EachBandOfAdviceIsQuietAtItsEdgesAndSpeaksPastThem) {
  int bands = 0;
  for (const KeyRow& row : key_table()) {
    if (!row.advice_min) continue;
    ++bands;
    SCOPED_TRACE(row.path());
    const std::string field = " field=" + std::string(row.key) + " ";
    EXPECT_EQ(advice(document(row, *row.advice_min)), "");
    EXPECT_EQ(advice(document(row, *row.advice_max)), "");
    const std::string low = advice(document(row, *row.advice_min - 1));
    EXPECT_NE(low.find(field + "value=" + number(*row.advice_min - 1) + " recommended_min=" + number(row.advice_min)),
              std::string::npos)
        << low;
    const std::string high = advice(document(row, *row.advice_max + 1));
    EXPECT_NE(high.find(field + "value=" + number(*row.advice_max + 1) + " recommended_max=" + number(row.advice_max)),
              std::string::npos)
        << high;
  }
  EXPECT_EQ(bands, 7);
}

TEST(KeyTable, EveryRowWithAFieldRefusesAnotherTypeAndNamesItsPath) {
  for (const KeyRow& row : key_table()) {
    if (row.section.find('<') != std::string_view::npos) continue;
    const bool takes_text = type_words(row) != "boolean" && !is_whole(row) && type_words(row) != "number";
    const bool of_label = row.key == "region" && row.section.starts_with("green.alumet.");
    const std::string wrong = "[" + std::string(row.section) + "]\n" + (of_label ? "label_value = \"x\"\n" : "") +
                              std::string(row.key) + " = " + (takes_text ? "5" : "\"x\"") + "\n";
    const std::string refused = verdict(wrong);
    EXPECT_TRUE(refused.starts_with(row.path() + ": expected ")) << row.path() << " -> " << refused;
  }
}

TEST(KeyTable, ClosestFindsMisspellingsAndLeavesStrangersAlone) {
  constexpr std::string_view kKnown[] = {"max_fanout", "window_duration_ms"};
  EXPECT_EQ(closest("max_fanuot", kKnown), "max_fanout");
  EXPECT_EQ(closest("windows_duration", kKnown), "window_duration_ms");
  EXPECT_EQ(closest("zzz", kKnown), "");
  EXPECT_EQ(closest(std::string(65, 'a'), kKnown), "");
}

}  // namespace
}  // namespace sentinel::config
