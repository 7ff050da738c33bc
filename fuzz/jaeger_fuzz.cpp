// Jaeger JSON: any bytes, in blocks of any size.
#include "ingest/format.h"
#include "same_in_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return sentinel::fuzz::same_in_pieces(data, size, sentinel::ingest::kJaeger);
}
