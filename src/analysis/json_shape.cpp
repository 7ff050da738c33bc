#include "analysis/json_shape.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace sentinel::analysis::shape {
namespace {

using base::Error;
using base::JsonReader;

class Checker {
 public:
  Checker(std::string_view document, unsigned max_nesting) : document_(document), reader_(document, scratch_, max_nesting) {}

  base::Status run(Shape root) {
    object(root);
    if (!broken_ && !reader_.failed() && !reader_.at_end()) reader_.fail(base::JsonFault::kSyntax, "text after the document");
    if (broken_) return *broken_;
    if (reader_.failed()) return reading_error();
    return base::success();
  }

 private:
  // A step of the path to the value being read: a key, or the index of an item.
  struct Step {
    std::string_view key;
    std::size_t index = 0;
  };

  [[nodiscard]] bool stopped() const { return broken_.has_value() || reader_.failed(); }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (const Step& step : path_) {
      if (step.key.data() == nullptr) {
        out += "[" + std::to_string(step.index) + "]";
      } else {
        out += (out.empty() ? "" : ".") + base::for_terminal(step.key);
      }
    }
    return out;
  }

  void fail(std::string what) {
    if (!stopped()) broken_ = Error{std::move(what), path(), ""};
  }

  Error reading_error() const {
    const base::TextPosition at = base::position_of(document_, reader_.error().offset);
    std::string where = path();
    where += (where.empty() ? "line " : " (line ") + std::to_string(at.line) + ", column " + std::to_string(at.column);
    if (!path_.empty()) where += ")";
    return {reader_.error().what, where, ""};
  }

  void object(Shape shape) {
    std::uint32_t seen = 0;  // one bit a rule
    for (bool more = reader_.enter_object(); more; more = reader_.next_member()) {
      std::size_t i = 0;
      while (i < shape.size() && shape[i].key != reader_.key()) ++i;
      if (i == shape.size()) {
        reader_.skip();
        continue;
      }
      path_.push_back({shape[i].key});
      if ((seen & (1U << i)) != 0) fail("this key comes twice");
      seen |= 1U << i;
      member(shape[i]);
      if (stopped()) return;
      path_.pop_back();
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i].need == Need::kRequired && (seen & (1U << i)) == 0) {
        fail("required key \"" + std::string(shape[i].key) + "\" is missing");
        return;
      }
    }
  }

  void member(const Rule& rule) {
    if (rule.need == Need::kNullable && reader_.read_null()) return;
    switch (rule.type.repeat) {
      case Repeat::kOne:
        value(rule.type);
        return;
      case Repeat::kList:
        path_.push_back({});
        for (bool more = reader_.enter_array(); more; more = reader_.next_item()) {
          value(rule.type);
          if (stopped()) return;
          ++path_.back().index;
        }
        break;
      case Repeat::kMap:
        path_.push_back({});
        for (bool more = reader_.enter_object(); more; more = reader_.next_member()) {
          path_.back().key = reader_.key();
          value(rule.type);
          if (stopped()) return;
        }
        break;
    }
    if (!stopped()) path_.pop_back();
  }

  void value(const Type& type) {
    std::string_view text;
    double real = 0;
    bool truth = false;
    switch (type.kind) {
      case Kind::kText:
        reader_.read_string(&text);
        return;
      case Kind::kU64:
        return integer(std::numeric_limits<std::uint64_t>::max());
      case Kind::kU32:
        return integer(std::numeric_limits<std::uint32_t>::max());
      case Kind::kU16:
        return integer(std::numeric_limits<std::uint16_t>::max());
      case Kind::kFloat:
        reader_.read_double(&real);
        return;
      case Kind::kBool:
        reader_.read_bool(&truth);
        return;
      case Kind::kEnum:
        if (reader_.read_string(&text) && !type.known(text)) fail("unknown value \"" + shown(text) + "\"");
        return;
      case Kind::kObject:
        return object(*type.shape);
      case Kind::kAnything:
        reader_.skip();
        return;
    }
  }

  void integer(std::uint64_t max) {
    std::uint64_t number = 0;
    if (reader_.read_u64(&number) && number > max) fail("larger than " + std::to_string(max));
  }

  static std::string shown(std::string_view text) {
    constexpr std::size_t kShownBytes = 60;
    return base::for_terminal(base::truncate_utf8(text, kShownBytes));
  }

  std::string_view document_;
  base::Arena scratch_;
  JsonReader reader_;
  std::vector<Step> path_;
  std::optional<Error> broken_;
};

}  // namespace

base::Status check(std::string_view document, Shape root, unsigned max_nesting) {
  return Checker(document, max_nesting).run(root);
}

}  // namespace sentinel::analysis::shape
