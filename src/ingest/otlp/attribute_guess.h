// Reads OTLP JSON attributes in the form that exporters write by guessing from the one before which comes next: everything up
// to the value's text is then one comparison. A wrong guess costs that comparison and nothing else.
//
// One worker; keeps what it learned from span to span. What is read does not depend on the guesses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/padded_text.h"
#include "ingest/otlp/span_fields.h"

namespace sentinel::ingest::otlp {

class AttributeGuess {
 public:
  struct Guess {
    base::PaddedText<64> prefix;     // {"key":"…","value":{"stringValue":"
    base::PaddedText<64> following;  // the same behind the brackets of an attribute before: }},{"key":"…
    AttributeKey key;
    AttributeValue::Kind kind = AttributeValue::Kind::kNone;
    std::uint16_t next = 0;  // place to look for the attribute after this one
  };

  // Where to look for the first attribute of a span of that kind.
  static std::uint16_t first(std::int32_t kind) { return static_cast<std::uint16_t>((kind & 7) * kPlaces + kStart); }
  // Where to look after an attribute of that key that was found by looking at `place`: spans of one kind resemble each other.
  static std::uint16_t after(std::uint16_t place, std::string_view name, const AttributeKey& key) {
    const std::size_t kind = place / kPlaces;
    std::size_t next = kStart;
    if (key.attribute >= 0) {
      next = static_cast<std::size_t>(key.attribute);
    } else if (!name.empty()) {
      const std::size_t mixed =
          name.size() * 7 + static_cast<unsigned char>(name.back()) * 3 + static_cast<unsigned char>(name[name.size() / 2]);
      next = kUnknown + mixed % (kStart - kUnknown);
    }
    return static_cast<std::uint16_t>(kind * kPlaces + next);
  }

  [[nodiscard]] const Guess& at(std::uint16_t place) const { return guesses_[place]; }

  // Remembers what stood at `place`: `prefix` is its text up to the value's.
  void learn(std::uint16_t place, std::string_view prefix, std::string_view name, const AttributeKey& key,
             AttributeValue::Kind kind) {
    if (prefix.size() > decltype(Guess::prefix)::kLongest || name.empty()) return;
    Guess& guess = guesses_[place];
    guess.prefix.assign(prefix);
    guess.following.assign(prefix.size() + kBehind.size() <= decltype(Guess::following)::kLongest
                               ? std::string(kBehind).append(prefix)
                               : std::string());
    guess.key = key;
    guess.kind = kind;
    guess.next = after(place, name, key);
  }

 private:
  static constexpr std::string_view kBehind = "}},";
  static constexpr std::size_t kUnknown = 32;  // places after attributes that mean nothing to us
  static constexpr std::size_t kStart = 95;
  static constexpr std::size_t kPlaces = 96;  // for each of the 8 kinds
  static_assert(kAttributes <= kUnknown);
  std::vector<Guess> guesses_ = std::vector<Guess>(8 * kPlaces);
};

}  // namespace sentinel::ingest::otlp
