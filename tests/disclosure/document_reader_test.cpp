#include "disclosure/document_reader.h"

#include <gtest/gtest.h>

#include "disclosure/content_hash.h"
#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

// The JSON pointer of "a.b.0".
json::json_pointer pointer(std::string path) {
  std::ranges::replace(path, '.', '/');
  return json::json_pointer("/" + path);
}

std::string changed(const json& row) {
  json document = vectors("base");
  const json::json_pointer at = pointer(row["path"].get<std::string>());
  if (row.contains("delete")) {
    document.at(at.parent_pointer()).erase(at.back());
  } else {
    document[at] = row["set"];
  }
  return document.dump();
}

// What hash-bake writes, or nothing.
json baked(const std::string& text) {
  base::Arena arena;
  const auto document = read_document(text, arena);
  if (!document) return nullptr;
  const std::string hash = content_hash(*document, arena);
  return parsed_json<json>(pretty_json(with_content_hash(*document, hash, arena)));
}

TEST(DocumentReader, RecordedChangesAreReadHashedAndWrittenAsRecorded) {
  EXPECT_EQ(baked(vectors("base").dump())["integrity"]["content_hash"], vectors("base_content_hash"));
  for (const json& row : vectors("decode")) {
    const json written = baked(changed(row));
    ASSERT_EQ(written.is_null(), row["exit"] != 0) << row;
    if (written.is_null()) continue;
    EXPECT_EQ(written["integrity"]["content_hash"], row["content_hash"]) << row;
    const json::json_pointer at = pointer(row["path"].get<std::string>());
    ASSERT_EQ(written.contains(at), !row.contains("absent")) << row;
    if (row.contains("written")) {
      EXPECT_EQ(written[at].dump(), row["written"].dump()) << row;
    }
  }
}

TEST(DocumentReader, FloatsAreWrittenAsRecorded) {
  for (const json& row : vectors("floats")) {
    json document = vectors("base");
    document["aggregate"]["total_energy_kwh"] = "@";
    std::string text = document.dump();
    text.replace(text.find("\"@\""), 3, row[0].is_string() ? row[0].get<std::string>() : row[0].dump());
    base::Arena arena;
    const auto read = read_document(text, arena);
    ASSERT_TRUE(read) << row << read.error().text();
    EXPECT_NE(pretty_json(*read).find("\"total_energy_kwh\": " + row[1].get<std::string>() + ",\n"), std::string::npos) << row;
  }
}

TEST(DocumentReader, WritesWhatItReadByteForByte) {
  base::Arena arena;
  const std::string source = vectors("base").dump();
  const auto once = read_document(source, arena);
  ASSERT_TRUE(once);
  const std::string text = pretty_json(*once);
  const auto twice = read_document(text, arena);
  ASSERT_TRUE(twice) << twice.error().text();
  EXPECT_EQ(pretty_json(*twice), text);
}

TEST(DocumentReader, SaysWhatIsWrongAndWhere) {
  const auto complaint = [](const std::string& path, const json& value) {
    base::Arena arena;
    const std::string text = changed({{"path", path}, {"set", value}});
    const auto read = read_document(text, arena);
    return read ? "none" : read.error().what + " | " + read.error().where.substr(0, read.error().where.find(" at line"));
  };
  EXPECT_EQ(complaint("aggregate.total_requests", -1), "expected an unsigned 64-bit integer | aggregate.total_requests");
  EXPECT_EQ(complaint("period.days_covered", 4294967296), "expected an unsigned 32-bit integer | period.days_covered");
  EXPECT_EQ(complaint("period.days_covered", 4294967295), "none");
  EXPECT_EQ(complaint("period.from_date", "x"), "expected a date, YYYY-MM-DD | period.from_date");
  EXPECT_EQ(complaint("report_metadata.intent", "public"), "none of the known values | report_metadata.intent");
  EXPECT_EQ(complaint("methodology.enabled_patterns", json::array({"a", 1})),
            "expected a string | methodology.enabled_patterns[1]");
  EXPECT_EQ(complaint("integrity", json::object()), "a required key is missing | integrity.content_hash");
}

TEST(DocumentReader, NamesTheKeysThatNoHashCovers) {
  json document = vectors("base");
  document["extra"] = 1;
  document["aggregate"]["more"] = {{"deep", {1, 2}}};
  document["applications"][0]["x"] = nullptr;
  const std::string text = document.dump();
  base::Arena arena;
  std::vector<std::string> unknown;
  ASSERT_TRUE(read_document(text, arena, &unknown));
  EXPECT_EQ(unknown, (std::vector<std::string>{"aggregate.more", "applications[0].x", "extra"}));
}

TEST(DocumentReader, UnknownKeysMayNestWithoutBound) {
  std::string text = vectors("base").dump();
  text.insert(1, "\"x\":" + std::string(5000, '[') + std::string(5000, ']') + ",");
  base::Arena arena;
  EXPECT_TRUE(read_document(text, arena));
  text.insert(5, "]");
  EXPECT_FALSE(read_document(text, arena));
}

TEST(DocumentReader, EveryPrefixOfADocumentIsAnError) {
  const std::string text = vectors("base").dump();
  for (std::size_t length = 0; length < text.size(); ++length) {
    base::Arena arena;
    EXPECT_FALSE(read_document(text.substr(0, length), arena)) << length;
  }
}

}  // namespace
}  // namespace sentinel::disclosure::test
