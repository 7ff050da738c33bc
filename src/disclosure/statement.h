// The in-toto statement that a disclosure is signed through (chapter 08 §11): writing it, and holding one to a document.
// Pure but for the file named; one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "disclosure/verify.h"

namespace sentinel::disclosure {

// One compact line with its line end. `document` is what read_document() or document_tree() gives, `file_sha256` 64 hex digits
// over the file as written, `file_name` its name without directories.
[[nodiscard]] std::string statement_line(const JsonNode& document, std::string_view file_sha256, std::string_view file_name);

// Success when the statement in the file at `path` names this document: kind, id, period, intent, required patterns, and the
// digest of the document as it was before the signature was entered in it.
[[nodiscard]] base::Status check_statement_is_about(LoadedDocument& document, const std::string& path);

}  // namespace sentinel::disclosure
