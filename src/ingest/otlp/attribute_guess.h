// Reads OTLP JSON attributes in the form that exporters write by guessing from the one before which comes next: everything up
// to the value's text is then one comparison. A wrong guess costs that comparison and nothing else.
//
// One worker; keeps what it learned from span to span. What is read does not depend on the guesses.
#pragma once

#include <array>
#include <string_view>

#include "base/padded_text.h"
#include "ingest/otlp/span_fields.h"

namespace sentinel::ingest::otlp {

class AttributeGuess {
 public:
  struct Guess {
    base::PaddedText<64> prefix;  // {"key":"…","value":{"stringValue":"
    AttributeKey key;
    AttributeValue::Kind kind = AttributeValue::Kind::kNone;
    std::uint8_t next = 0;  // place to look for the attribute after this one
  };

  // Where to look for the first attribute of a span of that kind.
  static std::uint8_t first(std::int32_t kind) { return static_cast<std::uint8_t>(kStart + (kind & 7)); }
  // Where to look after an attribute of that key.
  static std::uint8_t after(std::string_view name, const AttributeKey& key) {
    if (key.attribute >= 0) return static_cast<std::uint8_t>(key.attribute);
    const std::size_t mixed =
        name.size() * 7 + static_cast<unsigned char>(name.back()) * 3 + static_cast<unsigned char>(name[name.size() / 2]);
    return static_cast<std::uint8_t>(kUnknown + mixed % (kStart - kUnknown));
  }

  [[nodiscard]] const Guess& at(std::uint8_t place) const { return guesses_[place]; }

  // Remembers what stood at `place`: `prefix` is its text up to the value's.
  void learn(std::uint8_t place, std::string_view prefix, std::string_view name, const AttributeKey& key,
             AttributeValue::Kind kind) {
    if (prefix.size() > 64 || name.empty()) return;
    Guess& guess = guesses_[place];
    guess.prefix.assign(prefix);
    guess.key = key;
    guess.kind = kind;
    guess.next = after(name, key);
  }

 private:
  static constexpr std::size_t kUnknown = 32;  // places after attributes that mean nothing to us
  static constexpr std::size_t kStart = 88;
  static_assert(kAttributes <= kUnknown);
  std::array<Guess, kStart + 8> guesses_;
};

}  // namespace sentinel::ingest::otlp
