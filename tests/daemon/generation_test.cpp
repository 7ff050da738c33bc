#include "daemon/generation.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::daemon {
namespace {

TEST(Generation, is_full_at_its_number_of_ids) {
  const ingest::IngestSettings settings;
  Generation generation(settings, {.ids = 20, .bytes = std::size_t{1} << 30});
  while (generation.ids() < 19) generation.symbols().texts.intern("text " + std::to_string(generation.ids()));
  EXPECT_FALSE(generation.full());
  generation.symbols().texts.intern("one more");
  EXPECT_TRUE(generation.full());
}

TEST(Generation, is_full_at_its_bytes) {
  const ingest::IngestSettings settings;
  Generation generation(settings, {.ids = 1000, .bytes = 2 << 20});
  EXPECT_FALSE(generation.full());
  generation.symbols().texts.intern(std::string(2 << 20, 'x'));
  EXPECT_TRUE(generation.full());
}

TEST(Generation, what_was_alive_at_its_beginning_leaves_it_room) {
  const ingest::IngestSettings settings;
  Generation generation(settings, {.ids = 10, .bytes = std::size_t{1} << 30});
  for (int i = 0; i < 100; ++i) generation.symbols().texts.intern(std::to_string(i));
  EXPECT_TRUE(generation.full());
  generation.settle();
  EXPECT_FALSE(generation.full());
}

TEST(Migration, a_record_means_the_same_in_the_next_generation) {
  model::Symbols from;
  for (int i = 0; i < 50; ++i) from.texts.intern("gone " + std::to_string(i));
  model::SpanRecord record;
  record.trace = from.texts.intern("trace");
  record.template_id = from.texts.intern("SELECT ?");
  record.service = from.texts.intern("cart");
  record.endpoint = from.texts.intern("GET /cart");
  record.operation = from.texts.intern("SELECT");
  record.span_id = from.texts.intern("odd span id");
  record.parent_id = 0x1234;
  record.flags = model::kSpanIdIsText | model::kHasParent;
  const std::array<model::GroupPair, 2> pairs = {{{"ns", "shop"}, {"zone", "a"}}};
  record.grouping = from.intern_grouping(pairs);
  const std::array<base::TextId, 2> scopes = {from.texts.intern("jdbc"), from.texts.intern("spring")};
  record.origin = from.intern_origin({from.texts.intern("find"), 0, from.texts.intern("Repo"), 42, scopes, 0});
  record.extra = from.add_extra({from.texts.intern("yesterday"), std::nullopt, from.texts.intern("producer"), 0, 0});

  model::Symbols to;
  model::SpanRecord moved = record;
  Migration(from, to).move(moved);
  EXPECT_EQ(to.text(moved.trace), "trace");
  EXPECT_EQ(to.text(moved.template_id), "SELECT ?");
  EXPECT_EQ(to.text(moved.service), "cart");
  EXPECT_EQ(to.text(moved.endpoint), "GET /cart");
  EXPECT_EQ(to.text(moved.operation), "SELECT");
  EXPECT_EQ(moved.region, base::kNoText);
  EXPECT_EQ(to.text(static_cast<base::TextId>(moved.span_id)), "odd span id");
  EXPECT_EQ(moved.parent_id, 0x1234U);
  ASSERT_EQ(to.grouping(moved.grouping).pairs.size(), 2U);
  EXPECT_EQ(to.grouping(moved.grouping).pairs[1].value, "a");
  const model::Origin& origin = to.origin(moved.origin);
  EXPECT_EQ(to.text(origin.function), "find");
  EXPECT_EQ(origin.filepath, base::kNoText);
  EXPECT_EQ(origin.lineno, 42U);
  ASSERT_EQ(origin.scopes.size(), 2U);
  EXPECT_EQ(to.text(origin.scopes[0]), "jdbc");
  EXPECT_EQ(to.text(to.extra(moved.extra).timestamp_text), "yesterday");
  EXPECT_EQ(to.text(to.extra(moved.extra).link_trace), "producer");
  EXPECT_EQ(to.texts.find("gone 7"), base::kNoText);
}

}  // namespace
}  // namespace sentinel::daemon
