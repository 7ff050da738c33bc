// Reading disclosure documents from any bytes: what is read is written, read again and hashed the same.
#include <cstdint>

#include "check.h"
#include "disclosure/content_hash.h"
#include "disclosure/document_reader.h"

using namespace sentinel;
using namespace sentinel::disclosure;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  base::Arena arena;
  std::vector<std::string> unknown;
  const auto document = read_document(source, arena, &unknown);
  if (!document) {
    check(!document.error().what.empty() && !document.error().where.empty());
    return 0;
  }
  const std::string text = pretty_json(*document);
  std::vector<std::string> unknown_again;
  const auto again = read_document(text, arena, &unknown_again);
  check(again && pretty_json(*again) == text && unknown_again.empty());
  check(content_hash(*document, arena) == content_hash(*again, arena));
  const std::string canonical = canonical_document(*document, arena);
  std::string twice;
  const auto parsed = parse_json(canonical, arena);
  check(parsed.ok());
  append_canonical(twice, *parsed);
  check(twice == canonical);
  return 0;
}
