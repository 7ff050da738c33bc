// Reading a disclosure document and bringing it into the one form that its hash is taken over (chapter 08 §8.1 steps 1-2).
//
// The result has exactly the members that the tables of document_shape.h write, in their order: unknown keys are gone, missing
// ones have their default, sets are sorted, times are UTC. Texts are views into `document` or live in the arena. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "disclosure/json_tree.h"

namespace sentinel::disclosure {

// Error: what is wrong, where = the path of the value and its line and column. `unknown_keys`, if wanted, gets the paths of the
// members that were dropped (at most kMaxUnknownKeys).
inline constexpr std::size_t kMaxUnknownKeys = 20;
[[nodiscard]] base::Result<JsonNode> read_document(std::string_view document, base::Arena& arena,
                                                   std::vector<std::string>* unknown_keys = nullptr);

}  // namespace sentinel::disclosure
