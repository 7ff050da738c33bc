// Guesses that a statement is the one before it but for its only number: what an N+1 sends. Two comparisons then take the
// place of hashing, looking up and normalising it, and the answer is the same.
//
// Why it is the same: the scan of a statement up to its first literal depends on nothing behind it, a whole number ends where
// neither a digit nor a point follows, and no list begins in either part. Views the statement learned, which the caller keeps
// until the next learn() or forget(). One thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "base/same_bytes.h"
#include "base/string_pool.h"
#include "normalize/param_identity.h"

namespace sentinel::normalize {

class StatementGuess {
 public:
  // `number`, a part of `statement`, is the only literal in it; empty when that cannot be said.
  void learn(std::string_view statement, std::string_view number, base::TextId template_id) {
    before_ = {statement.data(), static_cast<std::size_t>(number.data() - statement.data())};
    behind_ = statement.substr(before_.size() + number.size());
    // Eight bytes are read that end with the number.
    const bool usable = before_.size() >= kLongest && number.find('.') == std::string_view::npos;
    template_id_ = usable ? template_id : base::kNoText;
  }
  void forget() { template_id_ = base::kNoText; }

  // The template of `statement` and the identity of its parameter list when the guess holds, else kNoText.
  base::TextId answer(std::string_view statement, base::Hash128* params) const {
    const std::size_t digits = statement.size() - before_.size() - behind_.size();  // wraps where the statement is too short
    if (template_id_ == base::kNoText || digits - 1 >= kLongest) return base::kNoText;
    const char* const number = statement.data() + before_.size();
    if (!base::same_bytes(statement.data(), before_.data(), before_.size())) return base::kNoText;
    if (!base::same_bytes(number + digits, behind_.data(), behind_.size())) return base::kNoText;
    std::uint64_t text = 0;
    std::memcpy(&text, number + digits - sizeof text, sizeof text);
    const auto above = static_cast<unsigned>(8 * (sizeof text - digits));
    const std::uint64_t values = (text ^ kZeros) >> above;
    if ((((values & ~kTops) + kPastNine) | values) & kTops) return base::kNoText;
    *params = identity_of_one(text >> above, digits);
    return template_id_;
  }

 private:
  static constexpr std::size_t kLongest = sizeof(std::uint64_t);  // digits of a number that is guessed
  static constexpr std::uint64_t kZeros = 0x3030303030303030ULL;
  static constexpr std::uint64_t kTops = 0x8080808080808080ULL;
  static constexpr std::uint64_t kPastNine = 0x7676767676767676ULL;  // carries into the top bit what is past 9

  std::string_view before_;
  std::string_view behind_;
  base::TextId template_id_ = base::kNoText;
};

}  // namespace sentinel::normalize
