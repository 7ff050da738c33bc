// The vectorised scans against a plain walk over the bytes, in both instruction sets.
#include "ingest/json_scan.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "ingest/json_scan_loop.h"

namespace sentinel::ingest {
namespace {

using scan_detail::Scan;

// -- the plain walk: what a scan must find while the text is valid JSON

struct Walk {
  Scan run;
  Scan container;
};

Walk walk(std::string_view text, unsigned spare_depth) {
  Walk found;
  unsigned depth = 0;
  bool in_string = false;
  bool first = true;  // the first value has not ended yet
  for (std::size_t i = 0; i < text.size() && !found.run.closed; ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > spare_depth) found.run.too_deep = true;
    } else if ((c == ']' || c == '}') && depth == 0) {
      found.run.end = i;
      found.run.closed = true;
    } else if (c == ']' || c == '}') {
      if (--depth > 0) continue;
      found.run.end = i + 1;
      if (first) found.container.end = i + 1;
      first = false;
    }
  }
  return found;
}

// -- random text in the shape of an array's inside

class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

  std::string string() {
    static constexpr const char* kPieces[] = {"\\\"", "\\\\", "[", "{",       "]",          "}",
                                              ",",    "a",    "é", "\\u005c", "0123456789", "\\n"};
    std::string out = "\"";
    // Long runs of backslashes now and then, so that some cross a block.
    if (below(6) == 0) {
      for (unsigned n = below(70); n > 0; --n) out += "\\\\";
    }
    for (unsigned n = below(12); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    return out + "\"";
  }

  std::string value(unsigned depth) {
    const unsigned kind = below(depth > 6 ? 2 : 6);
    if (kind == 0) return string();
    if (kind == 1) return std::to_string(below(1000));
    const bool object = kind < 4;
    std::string out = object ? "{" : "[";
    for (unsigned n = below(4), i = 0; i < n; ++i) {
      if (i > 0) out += below(2) == 0 ? "," : " , ";
      if (object) out += string() + ":";
      out += value(depth + 1);
    }
    return out + (object ? "}" : "]");
  }

  std::string container() {
    while (true) {
      std::string out = value(0);
      if (out.front() == '{' || out.front() == '[') return out;
    }
  }

 private:
  std::mt19937 random_;
};

void expect_equal(const Scan& found, const Scan& wanted, const char* which, std::string_view text) {
  EXPECT_EQ(found.end, wanted.end) << which << ": " << text;
  EXPECT_EQ(found.closed, wanted.closed) << which << ": " << text;
}

// All scans of a text held in memory of exactly its size. `exact_depth`: nothing stands behind the end that
// may or may not count as too deep.
void check(std::string_view text, unsigned spare_depth, bool exact_depth) {
  const auto memory = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), memory.get());
  const std::string_view exact(memory.get(), text.size());
  const Walk wanted = walk(exact, spare_depth);

  const RunScan run = scan_run(exact, spare_depth);
  expect_equal({run.end, run.closed, false}, wanted.run, "run", text);
  if (exact_depth) {
    EXPECT_EQ(run.too_deep, wanted.run.too_deep) << text;
  }
  expect_equal(scan_detail::scan_run_sse2(exact, spare_depth), wanted.run, "run, SSE2", text);
  if (!text.empty() && (text.front() == '{' || text.front() == '[')) {
    EXPECT_EQ(scan_container(exact, spare_depth).end, wanted.container.end) << text;
    EXPECT_EQ(scan_detail::scan_container_sse2(exact, spare_depth).end, wanted.container.end) << text;
  }
}

TEST(JsonScan, FindsWhatAPlainWalkFinds) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Writer writer(seed);
  for (int round = 0; round < 3000 && !testing::Test::HasFailure(); ++round) {
    std::string text = writer.below(3) == 0 ? std::string(writer.below(70), ' ') : "";
    for (unsigned n = 1 + writer.below(5); n > 0; --n) text += writer.container() + (n > 1 ? "," : "");
    const std::string closed = text + "]" + (writer.below(2) == 0 ? ",\"x\":[{\"" + std::string(writer.below(90), '}') : "");
    check(closed, 32, false);
    check(text, 32, true);
    // Cut anywhere: what is complete before the cut is found.
    check(std::string_view(text).substr(0, writer.below(static_cast<unsigned>(text.size()) + 1)), 32, true);
  }
}

TEST(JsonScan, FindsTheEndAtEveryPlaceOfABlock) {
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string space(before, ' ');
    check(space + "{\"a\":\"}\"}", 32, true);
    check(space + "{}]", 32, true);
    check(space + "]", 32, true);
    check("{\"" + std::string(before, 'x') + "\":[1]},{", 32, true);
  }
}

TEST(JsonScan, AnEscapeThatCrossesABlockHidesItsQuote) {
  for (std::size_t before = 50; before < 70; ++before) {
    for (std::size_t slashes = 0; slashes < 70; ++slashes) {
      // An odd number of backslashes escapes the quote: the bracket behind it is text.
      const std::string text =
          "{\"" + std::string(before, 'x') + std::string(slashes, '\\') + "\"}" + (slashes % 2 == 1 ? "\"}" : "");
      EXPECT_EQ(scan_container(text, 32).end, text.size()) << text;
      check(text, 32, true);
      if (testing::Test::HasFailure()) return;
    }
  }
}

// -- what callers rely on

TEST(JsonScan, ARunEndsBehindItsLastWholeElement) {
  EXPECT_EQ(scan_run("{\"a\":1},{\"b\":2},{\"c\"", 32).end, 15U);
  EXPECT_FALSE(scan_run("{\"a\":1},{\"b\":2},{\"c\"", 32).closed);
  EXPECT_EQ(scan_run("{\"a\":1}]", 32).end, 7U);
  EXPECT_TRUE(scan_run("{\"a\":1}]", 32).closed);
  EXPECT_EQ(scan_run("  ", 32).end, 0U);
  EXPECT_EQ(scan_run("", 32).end, 0U);
  EXPECT_EQ(scan_run("{\"a\":", 32).end, 0U) << "nothing is complete";
}

TEST(JsonScan, AContainerEndsBehindItsOwnBracket) {
  EXPECT_EQ(scan_container("[1,[2],3],4", 32).end, 9U);
  EXPECT_EQ(scan_container("{}", 32).end, 2U);
  EXPECT_EQ(scan_container("{\"a\":{}", 32).end, 0U);
}

TEST(JsonScan, DepthIsLimitedToWhatIsLeft) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  for (const unsigned spare : {1U, 2U, 31U, 32U}) {
    for (const std::size_t before : {std::size_t{0}, std::size_t{40}, std::size_t{63}}) {
      const std::string space(before, ' ');
      EXPECT_FALSE(scan_run(space + nested(spare), spare).too_deep) << spare;
      EXPECT_TRUE(scan_run(space + nested(spare + 1), spare).too_deep) << spare;
    }
    EXPECT_FALSE(scan_container(nested(spare), spare).too_deep);
    EXPECT_TRUE(scan_container(nested(spare + 1), spare).too_deep);
    EXPECT_FALSE(scan_run("[\"" + std::string(100, '[') + "\"]", spare).too_deep) << "brackets in strings";
    std::string flat;
    for (int i = 0; i < 200; ++i) flat += nested(spare) + ",";
    EXPECT_FALSE(scan_run(flat, spare).too_deep) << "many side by side";
  }
}

// -- the resumable scan of chapter 01 §4.2

TEST(DepthScan, RejectsDepth33AndNot32WhereverTheTextIsCut) {
  for (const std::size_t depth : {std::size_t{31}, std::size_t{32}, std::size_t{33}}) {
    const std::string text = std::string(depth - 1, '[') + "{\"\\\"[[[\":\"{{\\\\\"}" + std::string(depth - 1, ']');
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      DepthScan scan;
      scan.feed(std::string_view(text).substr(0, cut));
      scan.feed(std::string_view(text).substr(cut));
      EXPECT_EQ(scan.too_deep, depth > 32) << depth << ' ' << cut;
      EXPECT_EQ(scan.depth, 0U);
      EXPECT_FALSE(scan.in_string);
    }
  }
}

TEST(DepthScan, SurplusClosingBracketsDoNotCount) {
  DepthScan scan;
  scan.feed("]]]]" + std::string(32, '['));
  EXPECT_FALSE(scan.too_deep);
  scan.feed("[");
  EXPECT_TRUE(scan.too_deep);
}

}  // namespace
}  // namespace sentinel::ingest
