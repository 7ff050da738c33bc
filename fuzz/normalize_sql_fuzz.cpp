// The SQL normaliser against the plain version of its rules, on any bytes; a template is its own template.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "../tests/normalize/oracle.h"
#include "normalize/sql.h"

namespace {
using namespace sentinel::normalize;

void require(const oracle::Answer& got, const oracle::Answer& expected, const char* what) {
  if (got == expected) return;
  std::cerr << what << "\n got " << got << "\nwant " << expected << "\n";
  std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Scratch scratch;
  const std::string_view statement(reinterpret_cast<const char*>(data), size);
  const oracle::Answer expected = oracle::sql(statement);
  require(oracle::unpack(normalize_sql(statement, scratch)), expected, "a statement");
  require({std::string(normalize_sql(expected.text, scratch).text), {}}, {expected.text, {}}, "its template");
  return 0;
}
