// What the cutter hands out: which bytes as which step, where they stand in the input, and what it refuses.
#include "ingest/cutter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/format.h"

namespace sentinel::ingest {
namespace {

constexpr const char* kStepNames[] = {"elements", "document", "/document", "block",  "resource", "scope-begin",
                                      "scope",    "spans",    "message",   "/scope", "/block",   "fault"};

// Gives a few bytes a call, as a pipe may.
class Dribble final : public ByteSource {
 public:
  Dribble(std::string_view bytes, std::size_t step) : ByteSource("dribble"), bytes_(bytes), step_(step) {}

  base::Result<std::size_t> read(char* to, std::size_t room) override {
    const std::size_t n = std::min({room, step_, bytes_.size()});
    std::copy_n(bytes_.data(), n, to);
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
  std::size_t step_;
};

struct Cut {
  std::string steps;  // "elements@1<…> …", runs of the same step joined
  std::size_t batches = 0;
  bool too_deep = false;
  std::string error;
};

// Cuts an input and checks of each batch that it says rightly where it stands.
Cut cut(std::string_view input, const Format& format, std::size_t block_size = Cutter::kBlockSize,
        std::size_t read_size = std::string_view::npos) {
  Dribble source(input, read_size);
  Cutter cutter(source, block_size);
  Cut out;
  std::string last;
  cutter.set_emit([&](Batch&& batch) {
    EXPECT_EQ(batch.sequence, out.batches++);
    const std::string_view buffer(batch.buffer.get(), batch.size);
    const std::string_view rest = input.substr(std::min<std::size_t>(batch.offset, input.size()));
    EXPECT_TRUE(rest.starts_with(buffer)) << "batch at " << batch.offset;
    const base::TextPosition p = base::position_of(input, batch.offset);
    EXPECT_EQ(batch.line, p.line);
    EXPECT_EQ(batch.column, p.column);
    for (const Directive& d : batch.directives) {
      if (out.steps.find("fault:") != std::string::npos) break;  // nobody looks at what follows
      const std::string name = std::string(kStepNames[static_cast<int>(d.step)]) + "@" + std::to_string(d.depth);
      if (d.step == Step::kFault) {
        out.steps += "fault:" + std::to_string(d.fault.offset) + " " + d.fault.what;
        last.clear();
      } else if (d.bytes.data() == nullptr) {
        out.steps += name + " ";
        last.clear();
      } else {
        EXPECT_TRUE(d.bytes.data() >= buffer.data() && d.bytes.data() + d.bytes.size() <= buffer.data() + buffer.size());
        if (name == last) {
          out.steps.resize(out.steps.size() - 2);
          out.steps += "," + std::string(d.bytes) + "> ";
        } else {
          out.steps += name + "<" + std::string(d.bytes) + "> ";
        }
        last = d.step == Step::kElements || d.step == Step::kSpans ? name : "";
      }
    }
    cutter.recycle(std::move(batch));
  });
  if (const base::Status started = cutter.start(); !started) return {"", 0, false, started.error().text()};
  format.cut(cutter);
  cutter.finish();
  if (cutter.failed()) cutter.scan_rest();
  out.too_deep = cutter.too_deep();
  if (cutter.source_error()) out.error = cutter.source_error()->text();
  return out;
}

struct Case {
  const Format& format;
  std::string input;
  std::string steps;
};

std::vector<Case> cases() {
  return {
      {kNative, "[]", ""},
      {kNative, " [ ] \n", ""},
      {kNative, "[{\"a\":1},{\"b\":[2]}]", "elements@1<{\"a\":1},{\"b\":[2]}> "},
      {kNative, "{}", "fault:0 expected an array"},
      {kNative, "[{}] x", "elements@1<{}> fault:5 unexpected text after the document"},
      {kNative, "[{}", "elements@1<{}> fault:3 unexpected end of input"},
      {kNative, "[", "fault:1 unexpected end of input"},
      {kNative, "x", "fault:0 expected an array"},
      {kNative, "nul", "fault:0 unexpected end of input"},
      {kJaeger, R"({"data":[{"x":1}],"total":0})", "elements@2<{\"x\":1}> "},
      {kJaeger, R"({"total":[[]],"data":[]})", ""},
      {kJaeger, R"({"data":[],"data":[]})", "fault:18 repeated key"},
      {kJaeger, R"({"x":1})", "fault:7 missing key \"data\""},
      {kJaeger, R"({"x":tru})", "fault:8 expected a value"},
      {kJaeger, R"({"data":[],})", "fault:11 expected a key in double quotes"},
      {kJaeger, R"({"data" [})", "fault:8 expected ':' after the key"},
      {kJaeger, R"({"data":null})", "fault:8 expected an array"},
      {kOtlpJson,
       R"({"resourceSpans":[{"resource":{"a":1},"scopeSpans":[{"scope":{"name":"s"},"spans":[{"i":1},{"i":2}]},{}]}]})",
       "document@0 block@2 resource@3<{\"a\":1}> scope-begin@4 scope@5<{\"name\":\"s\"}> spans@6<{\"i\":1},{\"i\":2}> /scope@4 "
       "scope-begin@4 /scope@4 /block@2 /document@0 "},
      {kOtlpJson, R"({"resourceSpans":[]}{"resourceSpans":[]})", "document@0 /document@0 document@0 /document@0 "},
      {kOtlpJson, R"({"resourceMetrics":[]})", "document@0 fault:22 missing key \"resourceSpans\""},
      {kOtlpJson, R"({"resourceSpans":[{"resource":null,"schemaUrl":7}]})", "document@0 block@2 fault:47 expected a string"},
      {kOtlpJson, R"({"resource\u0053pans":[]})", "document@0 /document@0 "},
  };
}

TEST(Cutter, HandsOutTheOuterStructureAsSteps) {
  for (const Case& c : cases()) EXPECT_EQ(cut(c.input, c.format).steps, c.steps) << c.input;
}

TEST(Cutter, CutsTheSameInBlocksAndReadsOfAnySize) {
  for (const Case& c : cases()) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}}) {
      for (const std::size_t read : {std::size_t{1}, std::size_t{7}, std::string_view::npos})
        EXPECT_EQ(cut(c.input, c.format, block, read).steps, c.steps) << c.input << " in blocks of " << block;
    }
  }
}

TEST(Cutter, LongInputsComeInBatchesThatKnowTheirPlace) {
  std::string input = "[\n";
  std::string inside;
  for (int i = 0; i < 500; ++i)
    inside += "{\"n\":" + std::to_string(i) + (i % 3 == 0 ? ",\n\"x\":[\n]}" : "}") + (i < 499 ? ",\n " : "");
  input += inside + "]\n";
  for (const std::size_t block : {std::size_t{64}, std::size_t{100}, std::size_t{1000}}) {
    const Cut found = cut(input, kNative, block);
    EXPECT_GT(found.batches, input.size() / block / 4);
    EXPECT_EQ(std::ranges::count(found.steps, 'n'), 500 + 1) << "each element once, and the step's own name";
    EXPECT_EQ(found.steps.find("fault"), std::string::npos);
  }
}

TEST(Cutter, AnElementLargerThanABlockIsHandedOutWhole) {
  for (const std::size_t size : {std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{1000}, std::size_t{100'000}}) {
    const std::string element = "{\"x\":\"" + std::string(size, 'y') + "\"}";
    EXPECT_EQ(cut("[" + element + "]", kNative, 64).steps, "elements@1<" + element + "> ");
    EXPECT_EQ(cut("[" + element + ",{}]", kNative, 64, 50).steps, "elements@1<" + element + ",{}> ");
  }
}

// Looking at it again from its start for each piece would take minutes.
TEST(Cutter, ALargeElementThatComesInManyPiecesTakesLinearTime) {
  const std::string element = "{\"x\":\"" + std::string(std::size_t{16} << 20, 'y') + "\"}";
  EXPECT_EQ(cut("[" + element + "]", kNative, 64, 64).steps.size(), element.size() + 13);
  const std::string other = "{\"data\":[],\"x\":" + element + "}";
  EXPECT_EQ(cut(other, kJaeger, 64, 64).steps, "");
}

TEST(Cutter, TooDeepIsSeenInElementsBetweenThemAndBehindAFault) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_FALSE(cut("[" + nested(31) + "]", kNative).too_deep);
  EXPECT_TRUE(cut("[" + nested(32) + "]", kNative).too_deep);
  EXPECT_FALSE(cut("{\"x\":" + nested(31) + ",\"data\":[]}", kJaeger).too_deep);
  EXPECT_TRUE(cut("{\"x\":" + nested(32) + ",\"data\":[]}", kJaeger).too_deep);
  for (const std::size_t block : {std::size_t{1}, std::size_t{64}, Cutter::kBlockSize}) {
    EXPECT_FALSE(cut("{\"a\":1}" + nested(32), kNative, block).too_deep);
    EXPECT_TRUE(cut("{\"a\":1}" + nested(33), kNative, block).too_deep);
    EXPECT_TRUE(cut("{\"data\":x" + nested(32), kJaeger, block).too_deep) << "one bracket is open already";
    EXPECT_FALSE(cut("{\"data\":x" + nested(31), kJaeger, block).too_deep);
  }
}

TEST(Cutter, OnlyWhiteSpaceIsABlankInputOfAnyLength) {
  const auto blank = [](std::string_view input, std::size_t block) {
    Dribble source(input, 7);
    Cutter cutter(source, block);
    EXPECT_TRUE(cutter.start().ok());
    return cutter.blank_input();
  };
  for (const std::size_t block : {std::size_t{1}, std::size_t{64}, Cutter::kBlockSize}) {
    EXPECT_TRUE(blank("", block));
    EXPECT_TRUE(blank(" \n\t\f\r", block));
    EXPECT_TRUE(blank(std::string(1000, ' '), block));
    EXPECT_FALSE(blank(std::string(1000, ' ') + "[", block));
    EXPECT_FALSE(blank("\v", block)) << "no ASCII white space in this sense";
  }
}

class Broken final : public ByteSource {
 public:
  explicit Broken(int good) : ByteSource("disk"), good_(good) {}
  base::Result<std::size_t> read(char* to, std::size_t) override {
    if (good_-- <= 0) return base::Error{"broken", "disk", ""};
    *to = good_ == 0 ? '[' : ' ';
    return std::size_t{1};
  }

 private:
  int good_;
};

TEST(Cutter, ASourceThatFailsIsNoEndOfInput) {
  Broken at_once(0);
  EXPECT_EQ(Cutter(at_once, 1).start().error().text(), "disk: broken");
  for (const int good : {1, 2, 5}) {
    Broken source(good);
    Cutter cutter(source, 1);
    std::size_t directives = 0;
    cutter.set_emit([&](Batch&& batch) { directives += batch.directives.size(); });
    ASSERT_TRUE(cutter.start().ok());
    cut_array(cutter);
    cutter.finish();
    ASSERT_TRUE(cutter.source_error().has_value()) << good;
    EXPECT_EQ(cutter.source_error()->text(), "disk: broken");
  }
}

}  // namespace
}  // namespace sentinel::ingest
