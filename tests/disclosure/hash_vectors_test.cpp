// The recorded hashes of chapter 08: canonical bytes and digests, byte for byte.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/number_format.h"
#include "disclosure/archive_window.h"
#include "disclosure/content_hash.h"
#include "disclosure/document_reader.h"
#include "support/files.h"

namespace sentinel::disclosure {
namespace {

struct Row {
  std::string id;
  std::string kind;
  std::string input;
  std::string canonical;
  std::string sha256;
};

// RFC 4180: fields may be quoted, "" in them is a quote.
std::vector<Row> rows() {
  std::ifstream file(test_data("08_disclosure_hash_vectors.csv"), std::ios::binary);
  std::vector<Row> out;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\r') continue;
      if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[i++];
      } else if (line[i] == '"') {
        quoted = !quoted;
      } else if (line[i] == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += line[i];
      }
    }
    EXPECT_EQ(fields.size(), 5U) << line;
    out.push_back({fields[0], fields[1], fields[2], fields[3], fields[4]});
  }
  return out;
}

TEST(HashVectors, ArchiveLinesHashToTheRecordedChain) {
  int seen = 0;
  ArchiveLineReader reader;
  for (const Row& row : rows()) {
    if (row.kind != "archive_chain") continue;
    ++seen;
    base::Arena arena;
    std::string canonical;
    append_canonical(canonical, *parse_json(row.input, arena));
    EXPECT_EQ(canonical, row.canonical) << row.id;
    const std::string line = R"({"hash":")" + row.sha256 + "\"," + row.input.substr(1);
    const ArchiveLine& read = reader.read(line);
    EXPECT_EQ(read.computed_hash, row.sha256) << row.id;
    EXPECT_EQ(read.stated_hash, row.sha256) << row.id;
  }
  EXPECT_EQ(seen, 2);
}

TEST(HashVectors, DocumentsHashToTheRecordedContentHash) {
  int seen = 0;
  for (const Row& row : rows()) {
    if (row.kind != "content_hash") continue;
    ++seen;
    base::Arena arena;
    const auto document = read_document(row.input, arena);
    ASSERT_TRUE(document) << row.id << document.error().text();
    EXPECT_EQ(canonical_document(*document, arena), row.canonical) << row.id;
    EXPECT_EQ(content_hash(*document, arena), row.sha256) << row.id;
  }
  EXPECT_EQ(seen, 3);
}

TEST(HashVectors, CorePatternsAreSortedBeforeHashing) {
  for (const Row& row : rows()) {
    if (row.kind != "core_patterns") continue;
    EXPECT_EQ(core_patterns_hash(
                  std::vector<std::string_view>{"redundant_sql", "n_plus_one_sql", "redundant_http", "n_plus_one_http"}),
              "5546f87b7b3ea69401709a2a5a08245caae9e4e3b2ad458c5c9d89088a337469");
    EXPECT_NE(row.sha256.find("5546f87b7b3ea694"), std::string::npos);
  }
}

TEST(HashVectors, FloatsHaveTheRecordedForm) {
  int seen = 0;
  for (const Row& row : rows()) {
    if (row.kind != "float_format") continue;
    ++seen;
    base::Arena arena;
    std::string out;
    base::append_json_float(out, parse_json(row.input, arena)->as_number());
    EXPECT_EQ(out, row.canonical) << row.id << " " << row.input;
  }
  EXPECT_EQ(seen, 16);
}

}  // namespace
}  // namespace sentinel::disclosure
