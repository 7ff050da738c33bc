// Sanitising (chapter 01 §2.1-2.2): each field at its cap, below and above, and with control characters; code frames (§8.9).
#include "ingest/record_builder.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>

#include "ingest/code_frame.h"

namespace sentinel::ingest {
namespace {

using model::SpanRecord;

class Builder : public testing::Test {
 protected:
  Builder() {
    event.timestamp = "2025-07-10T14:32:01.123Z";
    event.trace_id = "t";
    event.span_id = "s";
    event.service = "svc";
    event.operation = "SELECT";
    event.target = "SELECT 1";
    event.endpoint = "GET /x";
  }

  const SpanRecord& built() {
    record = {};
    builder.build(event, record);
    return record;
  }
  [[nodiscard]] std::string_view text(TextId id) const { return symbols.text(id); }
  [[nodiscard]] const model::SpanExtra& extra() const { return symbols.extra(record.extra); }
  [[nodiscard]] const model::Origin& origin() const { return symbols.origin(record.origin); }

  model::Symbols symbols;
  IngestSettings settings{{"ns", "team"}, {{"mq", "eu-west-3"}}, true};
  RecordBuilder builder{symbols, settings};
  RawEvent event;
  SpanRecord record;
};

std::string of(std::size_t size) { return std::string(size, 'a'); }

// Sets a field to 'a's around its cap and asks what is kept; then lets the cap fall within a character.
template <class Set, class Get>
void expect_cap(std::size_t cap, Set set, Get get) {
  for (const std::size_t size : {cap - 1, cap, cap + 1}) {
    set(of(size));
    EXPECT_EQ(get(), of(size).substr(0, cap)) << "cap " << cap << ", size " << size;
  }
  set(of(cap - 1) + "é");
  EXPECT_EQ(get(), of(cap - 1)) << "a character is not cut";
}

TEST_F(Builder, TruncatesEachFieldAtItsCap) {
  char buffer[32];
  std::deque<std::string> texts;  // the event only looks at them
  const auto keep = [&](const std::string& text) -> std::string_view { return texts.emplace_back(text); };
  expect_cap(
      64, [&](const std::string& v) { event.timestamp = keep(v); },
      [&] { return std::string(model::timestamp_text(symbols, built(), buffer)); });
  expect_cap(
      128, [&](const std::string& v) { event.trace_id = keep(v); }, [&] { return std::string(text(built().trace)); });
  expect_cap(
      128, [&](const std::string& v) { event.span_id = keep(v); },
      [&] { return std::string(model::span_id_text(symbols, built(), buffer)); });
  expect_cap(
      128, [&](const std::string& v) { event.parent_span_id = keep(v); },
      [&] { return std::string(model::parent_id_text(symbols, built(), buffer)); });
  expect_cap(
      128, [&](const std::string& v) { event.link_trace_id = keep(v); },
      [&] { return built(), std::string(text(extra().link_trace)); });
  expect_cap(
      256, [&](const std::string& v) { event.service = keep(v); }, [&] { return std::string(text(built().service)); });
  expect_cap(
      256, [&](const std::string& v) { event.operation = keep(v); }, [&] { return std::string(text(built().operation)); });
  expect_cap(
      65'536, [&](const std::string& v) { event.target = keep(v); },
      [&] { return built(), std::string(text(extra().target)); });
  expect_cap(
      512, [&](const std::string& v) { event.endpoint = keep(v); }, [&] { return std::string(text(built().endpoint)); });
  expect_cap(
      512, [&](const std::string& v) { event.code_function = keep(v); },
      [&] { return built(), std::string(text(origin().function)); });
  expect_cap(
      1024, [&](const std::string& v) { event.code_filepath = keep(v); },
      [&] { return built(), std::string(text(origin().filepath)); });
  expect_cap(
      512, [&](const std::string& v) { event.code_namespace = keep(v); },
      [&] { return built(), std::string(text(origin().code_namespace)); });
  std::string_view scopes[1];
  expect_cap(
      256,
      [&](const std::string& v) {
        scopes[0] = keep(v);
        event.instrumentation_scopes = scopes;
      },
      [&] { return built(), std::string(text(origin().scopes[0])); });
}

TEST_F(Builder, ControlCharactersDropSomeFieldsAndStayInOthers) {
  for (const std::string& odd : {std::string("a\x01"
                                             "b"),
                                 std::string("ab\n"), std::string("a\x7F"), std::string("a\xC2\x85")}) {
    event.link_trace_id = odd;
    event.code_function = odd;
    event.code_filepath = odd;
    event.code_namespace = odd;
    event.cloud_region = odd;
    event.service = odd;
    event.operation = odd;
    event.endpoint = odd;
    event.trace_id = odd;
    event.span_id = odd;
    built();
    EXPECT_EQ(extra().link_trace, base::kNoText);
    EXPECT_EQ(origin().function, base::kNoText);
    EXPECT_EQ(origin().filepath, base::kNoText);
    EXPECT_EQ(origin().code_namespace, base::kNoText);
    EXPECT_EQ(record.region, base::kNoText);
    char buffer[32];
    EXPECT_EQ(text(record.service), odd);
    EXPECT_EQ(text(record.operation), odd);
    EXPECT_EQ(text(record.endpoint), odd);
    EXPECT_EQ(text(record.trace), odd);
    EXPECT_EQ(model::span_id_text(symbols, record, buffer), odd);
  }
}

TEST_F(Builder, RegionsAreKeptWhenValid) {
  for (const std::string& good : {std::string("eu-west-3"), std::string("X_1"), of(64)}) {
    event.cloud_region = good;
    EXPECT_EQ(text(built().region), good);
  }
  for (const std::string& bad : {std::string(), of(65), std::string("eu west"), std::string("é")}) {
    event.cloud_region = bad;
    EXPECT_EQ(built().region, base::kNoText) << bad;
  }
  event.cloud_region.reset();
  EXPECT_EQ(built().region, base::kNoText);
}

TEST_F(Builder, AnAbsentFieldIsNotTheEmptyOne) {
  built();
  EXPECT_FALSE(record.has(model::kHasParent) || record.has(model::kHasStatus) || record.has(model::kHasResponseSize));
  EXPECT_FALSE(origin().has_code());
  event.parent_span_id = "";
  event.status_code = 0;
  event.response_size_bytes = 0;
  event.code_function = "";
  event.code_lineno = 0;
  built();
  EXPECT_TRUE(record.has(model::kHasParent) && record.has(model::kHasStatus) && record.has(model::kHasResponseSize));
  EXPECT_EQ(origin().function, base::kEmptyText);
  EXPECT_EQ(origin().filepath, base::kNoText);
  EXPECT_EQ(origin().lineno, 0U);
  event.code_function = std::string_view();  // no text behind it: an empty text all the same
  built();
  EXPECT_EQ(origin().function, base::kEmptyText);
}

TEST_F(Builder, SixteenLowerCaseHexDigitsAreANumberAndReadAsWritten) {
  char buffer[32];
  for (const char* id : {"00f067aa0ba902b7", "0000000000000000", "ffffffffffffffff"}) {
    event.span_id = id;
    EXPECT_FALSE(built().has(model::kSpanIdIsText)) << id;
    EXPECT_EQ(model::span_id_text(symbols, record, buffer), id);
  }
  for (const char* id : {"00F067AA0BA902B7", "00f067aa0ba902b", "00f067aa0ba902b70", "00f067aa0ba902bg", ""}) {
    event.span_id = id;
    EXPECT_TRUE(built().has(model::kSpanIdIsText)) << id;
    EXPECT_EQ(model::span_id_text(symbols, record, buffer), id);
  }
}

TEST_F(Builder, OnlyMessagingTargetsWithASchemeLoseTheirSecrets) {
  struct Case {
    model::EventType type;
    const char* in;
    const char* out;
  };
  for (const Case& c : {Case{model::EventType::kMessaging, "amqp://svc:pw@mq:5672/orders?x=1", "amqp://mq:5672/orders"},
                        {model::EventType::kMessaging, "ORDERS@QM1", "ORDERS@QM1"},
                        {model::EventType::kMessaging, "logs.#", "logs.#"},
                        {model::EventType::kMessaging, "my.topic?v=2", "my.topic?v=2"},
                        {model::EventType::kMessaging, "arn:aws:sqs:eu-west-3:123456789012:orders",
                         "arn:aws:sqs:eu-west-3:123456789012:orders"},
                        {model::EventType::kSql, "SELECT 'x://u@h/?'", "SELECT 'x://u@h/?'"},
                        {model::EventType::kHttpOut, "http://u:p@h/x?y", "http://u:p@h/x?y"}}) {
    event.type = c.type;
    event.target = c.in;
    built();
    EXPECT_EQ(text(extra().target), c.out);
  }
  event.endpoint = "POST https://u:p@h/x?y";
  EXPECT_EQ(text(built().endpoint), "POST https://h/x");
}

TEST(StripUrlSecrets, FollowsTheTableOfTheChapter) {
  const std::pair<const char*, const char*> cases[] = {
      {"/pay?card=1", "/pay"},
      {"https://u:p@h/cb#x", "https://h/cb"},
      {"POST https://u:p@h/x", "POST https://h/x"},
      {"//u@h/x", "//h/x"},
      {"h?u=http://x@y/", "h"},
      {"http://h/p@q", "http://h/p@q"},
      {"GET /a@b/c", "GET /a@b/c"},
      {"a/b://c@d/e", "a/b://c@d/e"},
      {"bob@corp nightly", "corp nightly"},
      {"amqp://svc:pw@mq:5672/orders?x=1", "amqp://mq:5672/orders"},
      {"http://a@b@c/d", "http://c/d"},
      {"http://a@b", "http://b"},
      {"#", ""},
      {"", ""},
      {"@", ""},
      {"a route of more than sixteen bytes", "a route of more than sixteen bytes"},
      {"a route of more than sixteen bytes?x", "a route of more than sixteen bytes"},
  };
  for (const auto& [in, out] : cases) {
    std::string buffer;
    EXPECT_EQ(strip_url_secrets(in, buffer), out) << in;
  }
  // The mark is found wherever it stands.
  for (std::size_t size = 0; size < 50; ++size) {
    for (const char* mark : {"?", "#"}) {
      std::string buffer;
      EXPECT_EQ(strip_url_secrets(of(size) + mark + "x", buffer), of(size));
    }
  }
}

// -- grouping

std::string grouped(const std::vector<model::GroupPair>& pairs) {
  std::vector<model::GroupPair> kept;
  sanitise_grouping(pairs, kept);
  std::string out;
  for (const model::GroupPair& p : kept) out += std::string(p.key) + "=" + std::string(p.value) + " ";
  return out;
}

TEST(SanitiseGrouping, DropsPairsThatAreEmptyOrHoldControlsAndKeepsEight) {
  EXPECT_EQ(grouped({{"a", "1"}, {"b", ""}, {"", "2"}, {"c", " "}, {"d\n", "x"}, {"e", "\x1F"}, {"f", "6"}}), "a=1 c=  f=6 ");
  const std::vector<model::GroupPair> nine(9, {"k", "v"});
  EXPECT_EQ(grouped(nine).size(), 8 * 4U);
  EXPECT_EQ(grouped({nine.begin(), nine.begin() + 8}).size(), 8 * 4U);
  std::vector<model::GroupPair> late(8, {"k", ""});
  late.push_back({"l", "w"});
  EXPECT_EQ(grouped(late), "l=w ") << "a dropped pair takes no place";
  const std::string value = of(257);
  EXPECT_EQ(grouped({{"k", value}}), "k=" + of(256) + " ");
}

TEST_F(Builder, GroupingTakesTheFirstPairOfEachConfiguredKeyInConfiguredOrder) {
  const model::GroupPair captured[] = {{"x", "0"}, {"team", "red"}, {"ns", "shop"}, {"ns", "later"}};
  event.grouping = captured;
  const auto pairs = symbols.grouping(built().grouping).pairs;
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0], (model::GroupPair{"ns", "shop"}));
  EXPECT_EQ(pairs[1], (model::GroupPair{"team", "red"}));
}

TEST_F(Builder, ScopesKeepTheFirstEightThatHoldNoControls) {
  const std::vector<std::string_view> scopes = {"1", "2\n", "3", "", "5", "6", "7", "8", "9", "10", "11"};
  event.instrumentation_scopes = scopes;
  built();
  std::string kept;
  for (const TextId id : origin().scopes) kept += std::string(text(id)) + ",";
  EXPECT_EQ(kept, "1,3,,5,6,7,8,9,");
}

TEST_F(Builder, TextsThatFollowEachOtherAreNotMixedUp) {
  // The builder remembers the last text of a kind: the next one, equal in length or a prefix, is another.
  for (const char* name : {"aaaa", "aaab", "aaa", "aaaa", "", "aaaa"}) {
    event.service = event.endpoint = event.operation = event.trace_id = name;
    event.code_function = name;
    built();
    EXPECT_EQ(text(record.service), name);
    EXPECT_EQ(text(record.endpoint), name);
    EXPECT_EQ(text(record.operation), name);
    EXPECT_EQ(text(record.trace), name);
    EXPECT_EQ(text(origin().function), name);
  }
}

TEST_F(Builder, CodePartsThatJoinToTheSameTextAreDifferentPlaces) {
  event.code_function = "ab";
  event.code_namespace = "c";
  const model::OriginId first = built().origin;
  event.code_function = "a";
  event.code_namespace = "bc";
  const model::OriginId second = built().origin;
  event.code_lineno = 7;
  const model::OriginId third = built().origin;
  event.code_namespace = "c";
  event.code_function = "ab";
  event.code_lineno.reset();
  EXPECT_EQ(built().origin, first);
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
}

TEST_F(Builder, TheRegionOfACalledHostIsNotedForCallsWithASize) {
  event.type = model::EventType::kHttpOut;
  event.target = "http://mq/x";
  event.response_size_bytes = 10;
  built();
  EXPECT_EQ(text(extra().peer_region), "eu-west-3");
  event.response_size_bytes.reset();
  built();
  EXPECT_EQ(extra().peer_region, base::kNoText);
}

// -- code frames

TEST(CodeFrame, FollowsTheTableOfTheChapter) {
  struct Case {
    std::optional<std::string_view> code_namespace;
    std::optional<std::string_view> function;
    const char* frame;  // null: none
  };
  const Case cases[] = {
      {"shop.Purge", "run", "shop.Purge.run"},
      {"shop.Purge", "shop.Purge.run", "shop.Purge.run"},
      {"shop.P", "shop.Purge.run", "shop.P.shop.Purge.run"},
      {"App\\Job", "handle", "App\\Job::handle"},
      {"my::w", "run", "my::w::run"},
      {{}, "jobs.nightly", "jobs.nightly"},
      {{}, "run", nullptr},
      {{}, "Cart#total", "Cart.total"},
      {"Cart", "valid?", nullptr},
      {"org.apache.X", "y", nullptr},
      {" shop.Purge ", {}, "shop.Purge"},
      {{}, {}, nullptr},
      {"", "", nullptr},
      {" ", "a.b", "a.b"},
      {"a\nb", "c.d", "c.d"},
      {"a.b", "c\nd", "a.b"},
      {"a.b", "\tc\n", "a.b.c"},
      {"a", "a", "a.a"},
      {"a", "a:b", "a:b"},
      {"a", "a#b", "a.b"},
      {"Organisation", "x", "Organisation.x"},
      {"org.apache", "x", nullptr},
      {"ORG.apache.", "x", "ORG.apache..x"},
      {{}, "PDO::query", nullptr},
      {{}, "PDOs::query", "PDOs::query"},
      {{}, "a@b.c", nullptr},
  };
  for (const Case& c : cases) {
    std::string frame;
    const bool found =
        usable_frame(c.code_namespace.value_or(std::string_view()), c.function.value_or(std::string_view()), frame);
    EXPECT_EQ(found, c.frame != nullptr) << c.code_namespace.value_or("-") << " / " << c.function.value_or("-");
    if (found && c.frame != nullptr) {
      EXPECT_EQ(frame, c.frame);
    }
  }
}

TEST(CodeFrame, NamespacesEndBeforeTheLastSeparator) {
  EXPECT_EQ(derive_namespace("a.b.C.d"), "a.b.C");
  EXPECT_EQ(derive_namespace("Slim\\App::handle"), "Slim");
  EXPECT_EQ(derive_namespace("a\\b.c"), "a\\b");
  EXPECT_EQ(derive_namespace("my::w::run").data(), nullptr);
  EXPECT_EQ(derive_namespace("run").data(), nullptr);
  EXPECT_EQ(derive_namespace(".x"), "");
}

TEST_F(Builder, TextsThatLastGiveTheSameRecords) {
  const std::string long_id(130, 'x');
  model::Symbols other;
  RecordBuilder lasting(other, settings, TextLife::kSymbols);
  for (const std::string_view id : {std::string_view("s1"), std::string_view("s1"), std::string_view("0123456789abcdef"),
                                    std::string_view("0123456789abcdeg"), std::string_view("synth-42-1234-s1"),
                                    std::string_view(""), std::string_view(long_id)}) {
    event.span_id = id;
    event.parent_span_id = id;
    const SpanRecord here = built();
    SpanRecord there;
    lasting.build(event, there);
    char buffer[16];
    char other_buffer[16];
    const bool hex = id == "0123456789abcdef";
    EXPECT_EQ(here.has(model::kSpanIdIsText), !hex) << id;
    EXPECT_EQ(there.has(model::kSpanIdIsText), !hex) << id;
    EXPECT_EQ(model::span_id_text(symbols, here, buffer), id.substr(0, 128));
    EXPECT_EQ(model::span_id_text(other, there, other_buffer), id.substr(0, 128));
    EXPECT_EQ(model::parent_id_text(other, there, other_buffer), id.substr(0, 128));
    EXPECT_EQ(other.text(there.operation), symbols.text(here.operation));
    EXPECT_EQ(other.text(there.trace), symbols.text(here.trace));
  }
}

TEST_F(Builder, OperationsOfTypesThatAlternateKeepApart) {
  for (int round = 0; round < 3; ++round) {
    event.type = model::EventType::kSql;
    event.operation = "SELECT";
    EXPECT_EQ(text(built().operation), "SELECT");
    event.type = model::EventType::kHttpOut;
    event.operation = round == 1 ? "POST" : "GET";
    event.target = "http://h/x";
    EXPECT_EQ(text(built().operation), event.operation);
  }
}

TEST_F(Builder, KeptSpanIdsMoveWithTheirRecordsWhenSymbolsAreJoined) {
  model::Symbols whole;
  RecordBuilder first(whole, settings);
  event.span_id = "a";
  SpanRecord of_first;
  first.build(event, of_first);
  event.span_id = "b";
  event.parent_span_id = "a";
  SpanRecord moved = built();
  whole.absorb(std::move(symbols)).apply(moved);
  char buffer[16];
  EXPECT_EQ(model::span_id_text(whole, of_first, buffer), "a");
  EXPECT_EQ(model::span_id_text(whole, moved, buffer), "b");
  EXPECT_EQ(model::parent_id_text(whole, moved, buffer), "a");
}

}  // namespace
}  // namespace sentinel::ingest
