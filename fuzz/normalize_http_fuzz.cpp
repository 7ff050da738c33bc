// The HTTP normaliser against the plain version of its rules, on any bytes: a method, a line end, a target.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "../tests/normalize/oracle.h"
#include "normalize/http.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sentinel::normalize;
  static Scratch scratch;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  const std::string_view method = input.substr(0, line_end);
  const std::string_view target = input.substr(std::min(line_end + 1, input.size()));
  const oracle::Answer expected = oracle::http(method, target);
  const oracle::Answer got = oracle::unpack(normalize_http(method, target, scratch));
  if (!(got == expected)) {
    std::cerr << "got  " << got << "\nwant " << expected << "\n";
    std::abort();
  }
  return 0;
}
