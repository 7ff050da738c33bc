// A Document as the JSON that is published: members, order and omissions of chapter 08 §6.
//
// What read_document() makes of the written text is this tree again; a test holds the two to each other. Pure function; texts
// are views into `document` or live in the arena.
#pragma once

#include "base/arena.h"
#include "disclosure/document.h"
#include "disclosure/json_tree.h"

namespace sentinel::disclosure {

[[nodiscard]] JsonNode document_tree(const Document& document, base::Arena& arena);

// Path of the first figure that is no number (it would be written null, and the document could not be read back); empty when
// all are.
[[nodiscard]] std::string non_finite_figure(const JsonNode& document);

}  // namespace sentinel::disclosure
